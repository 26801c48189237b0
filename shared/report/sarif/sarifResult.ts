import type { Location, Result } from 'sarif';
import { oneLine } from '../../log/oneLine.ts';
import type { Finding } from '../../verdict/Finding.ts';
import type { Excuse } from '../../verdict/Verdict.ts';
import { describeFinding, nameOf } from '../describeFinding.ts';
import { justify } from '../excuseTable.ts';
import type { Origin } from '../originOf.ts';
import { relativeUri } from './relativeUri.ts';
import { levels } from './sarifRule.ts';

/** A finding with what the judgement says of it. */
export interface Judged {
  readonly finding: Finding;
  readonly state?: Result.baselineState | undefined;
  readonly excuse?: Excuse | undefined;
}

/** What places are made of. */
export interface Places {
  readonly origin: (finding: Finding) => Origin;
  readonly dockerfile: string | undefined;
  /** Where a finding is told that has no file of its own. */
  readonly artifact: string;
  /** As `Origins` says. */
  readonly folder: string | undefined;
}

export function sarifResult(
  { finding, state, excuse }: Judged,
  rule: { readonly id: string; readonly index: number },
  fingerprint: string,
  places: Places,
): Result {
  return {
    ruleId: rule.id,
    ruleIndex: rule.index,
    level: levels[finding.severity],
    message: { text: withoutLinks(describeFinding(finding)) },
    locations: [location(finding, places)],
    // The one name that GitHub looks at; without it, one is made of lines of source, which an image has not.
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(excuse !== undefined && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: justify(excuse) }],
    }),
    ...(state !== undefined && { baselineState: state }),
  };
}

function location(finding: Finding, places: Places): Location {
  const { lines, subject } = finding;
  const name = subject.purl === undefined ? nameOf(finding) : oneLine(subject.purl);
  return {
    physicalLocation: physical(finding, places),
    ...(lines === undefined && { logicalLocations: [{ fullyQualifiedName: name }] }),
  };
}

function physical(finding: Finding, { origin, dockerfile, artifact, folder }: Places) {
  const { lines, subject } = finding;
  const { line } = origin(finding);
  const place = (file: string, startLine: number, endLine = startLine) => ({
    artifactLocation: { uri: relativeUri(file) },
    region: { startLine, endLine },
  });
  if (lines !== undefined)
    return place(`${folder ?? ''}/${lines.file}`, ...within(lines.start, lines.end));
  if (folder !== undefined && subject.path !== undefined) {
    return place(`${folder}/${subject.path}`, 1);
  }
  return dockerfile === undefined ? place(artifact, 1) : place(dockerfile, line ?? 1);
}

/** A scanner may count from 0, or not at all; a region may not. */
function within(start: number, end: number): [number, number] {
  const first = Number.isInteger(start) && start > 0 ? start : 1;
  return [first, Number.isInteger(end) && end > first ? end : first];
}

/** In a message of SARIF, `[text](address)` is a link (3.11.6). */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
