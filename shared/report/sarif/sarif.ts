import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { oneLine } from '../../log/oneLine.ts';
import { count } from '../../text/count.ts';
import type { Finding } from '../../verdict/Finding.ts';
import { fingerprints } from '../../verdict/fingerprint.ts';
import { gapsOf } from '../../verdict/gapsOf.ts';
import type { Inspection } from '../../verdict/Inspection.ts';
import type { Judgement } from '../../verdict/Verdict.ts';
import { type Origins, originOf } from '../originOf.ts';
import { relativeUri, withoutVersion } from './relativeUri.ts';
import { type Judged, type Places, sarifResult } from './sarifResult.ts';
import { sarifRule, scoreOf } from './sarifRule.ts';

/** Above these GitHub refuses a file. A run has no more rules than results, of which it shows 5,000. */
export const gitHubLimits = {
  results: 25_000,
  /** Packed; 10 MiB at GitHub. */
  bytes: 10_000_000,
} as const;

const mostGaps = 100;

export interface SarifOptions extends Origins {
  /** The tool that alerts are shown under. */
  readonly tool: string;
  /** What a later upload replaces: one a gate and subject. */
  readonly category: string;
  /**
   * What becomes of findings that somebody answers for. SARIF marks them as suppressed. GitHub does not
   * know that mark and would open alerts, so for it they are left out, which closes theirs.
   */
  readonly waived: 'marked' | 'left out';
  /** GitHub's by default. */
  readonly limits?: { readonly results: number; readonly bytes: number };
}

export interface Sarif {
  readonly text: string;
  /** How many results are in it. */
  readonly results: number;
  /** What was left out, for people. */
  readonly cut: string | undefined;
}

/** Writes SARIF 2.1.0 within GitHub's limits: what counts first, worst first, and the rest as far as it fits. */
export function sarif(inspection: Inspection, judgement: Judgement, options: SarifOptions): Sarif {
  const all = inOrder(judgement, options);
  const places: Places = {
    origin: originOf(options),
    dockerfile: options.dockerfile?.file,
    artifact: withoutVersion(inspection.subject),
    folder: options.folder,
  };
  const write = (results: number): Sarif => {
    const left = all.length - results;
    const cut =
      left === 0
        ? undefined
        : `${count(left, 'finding')} of ${all.length} are left out, the least important: GitHub takes ${results} here.`;
    const run = makeRun(all.slice(0, results), places);
    return { text: assemble(inspection, judgement, options, run, cut), results, cut };
  };
  const limits = options.limits ?? gitHubLimits;
  let made = write(Math.min(all.length, limits.results));
  while (made.results > 0 && tooLarge(made.text, limits.bytes))
    made = write(Math.floor(made.results / 2));
  return made;
}

function inOrder(judgement: Judgement, options: SarifOptions): Judged[] {
  const { counted, known, waived, others } = judgement;
  const compared = judgement.baseline !== undefined;
  return [
    ...counted.map((finding) => ({ finding, ...(compared && { state: 'new' as const }) })),
    ...known.map((finding) => ({ finding, ...(compared && { state: 'unchanged' as const }) })),
    ...others.map((finding) => ({ finding })),
    ...(options.waived === 'marked' ? waived : []),
  ];
}

function makeRun(all: readonly Judged[], places: Places) {
  const prints = fingerprints(all.map(({ finding }) => finding));
  const rules = new Map<string, { readonly index: number; worst: Finding }>();
  const results: Result[] = all.map((judged, at) => {
    const { finding } = judged;
    const id = oneLine(finding.id, 255) || 'unknown';
    const rule = rules.get(id) ?? { index: rules.size, worst: finding };
    if ((scoreOf(finding) ?? 0) > (scoreOf(rule.worst) ?? 0)) rule.worst = finding;
    rules.set(id, rule);
    return sarifResult(judged, { id, index: rule.index }, prints[at] ?? '', places);
  });
  return { results, rules: [...rules].map(([id, { worst }]) => sarifRule(worst, id)) };
}

function assemble(
  inspection: Inspection,
  judgement: Judgement,
  { tool, category }: SarifOptions,
  { results, rules }: { readonly results: Result[]; readonly rules: ReportingDescriptor[] },
  cut: string | undefined,
): string {
  const { scanner } = inspection;
  const gaps = gapsOf(inspection, judgement).slice(0, mostGaps);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool,
            ...(scanner && { version: oneLine(scanner.version) || 'unknown' }),
            rules,
          },
        },
        automationDetails: { id: `${relativeUri(category)}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            // Told so, GitHub does not close the alerts of what was not seen.
            executionSuccessful: judgement.verdict.outcome !== 'incomplete',
            toolExecutionNotifications: [
              ...gaps.map(({ what }) => notification('error', oneLine(what, 1000))),
              ...(cut === undefined ? [] : [notification('warning', cut)]),
            ],
          },
        ],
        results,
      },
    ],
  };
  return JSON.stringify(log);
}

function notification(level: 'error' | 'warning', text: string) {
  return { level, message: { text: text || 'unknown' } };
}

/** Packing costs time; a text that is small as it is needs none. */
function tooLarge(text: string, largest: number): boolean {
  return Buffer.byteLength(text) > largest && gzipSync(text, { level: 1 }).length > largest;
}
