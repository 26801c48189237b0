import { join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import type { Digest } from '../oci/Reference.ts';
import type { Fact, Gap, Inspection } from '../verdict/Inspection.ts';
import { checkNotEmpty } from './checkNotEmpty.ts';
import { findIgnoreComments } from './findIgnoreComments.ts';
import { inspectForeign } from './inspectForeign.ts';
import { inspectReport } from './inspectReport.ts';
import { mergeInspections } from './mergeInspections.ts';
import type { Database } from './provideDatabase.ts';
import type { Trivy } from './runTrivy.ts';
import type { ScanOptions } from './ScanOptions.ts';
import { type Scanned, scanTarget } from './scanTarget.ts';
import { type ScanPart, type SpreadContext, spreadTarget } from './spreadTarget.ts';
import {
  defaultScanners,
  possibleScanners,
  type Scanner,
  subjectOf,
  type Target,
} from './Target.ts';
import { withoutJava } from './withoutJava.ts';

export interface InspectContext extends SpreadContext {
  readonly trivy: Trivy;
  /** For what {@link needsDatabase} says; without it Trivy knows no vulnerability. */
  readonly database: Database | undefined;
  readonly scanners?: readonly Scanner[] | undefined;
  readonly options?: ScanOptions | undefined;
  /** Where the reports are kept that may leave the step. */
  readonly keepIn: string;
  readonly now?: () => number;
}

export interface Inspected {
  readonly inspection: Inspection;
  /** Trivy's own reports, one a platform, without the text of secrets. */
  readonly reports: readonly string[];
  /** Of an image or an index. */
  readonly digest: Digest | undefined;
}

/** Whether a scan knows nothing without the vulnerability database. */
export function needsDatabase(target: Target, scanners = defaultScanners(target)): boolean {
  return target.kind !== 'report' && target.kind !== 'config' && scanners.includes('vuln');
}

/**
 * Inspects anything that Trivy can. What one part of it does not let be seen is a gap; the others are
 * seen all the same.
 *
 * @throws {Failure} when nothing can be looked at: there is no such image, or no such file
 */
export async function inspectTarget(target: Target, context: InspectContext): Promise<Inspected> {
  if (target.kind === 'report') return inspectForeign(target, context);
  const asked = context.scanners ?? defaultScanners(target);
  const scanners = asked.filter((scanner) => possibleScanners(target).includes(scanner));
  await checkNotEmpty(target);
  const spread = await spreadTarget(target, context);
  const reports: string[] = [];
  const seen = [];
  for (const part of spread.parts) {
    const output = join(context.keepIn, reportName(part, spread.parts.length));
    const { inspection, report } = await inspectPart(part, { ...context, scanners, output });
    seen.push({ platform: part.platform, inspection });
    if (report !== undefined) reports.push(report);
  }
  const merged = mergeInspections(subjectOf(target), seen);
  return {
    reports,
    digest: spread.digest,
    inspection: {
      ...merged,
      gaps: [...merged.gaps, ...spread.gaps, ...impossible(asked, scanners, target)],
      facts: [...merged.facts, ...spread.facts, ...leftOut(context.options)],
      ...(context.database && {
        database: {
          source: context.database.source,
          digest: context.database.digest,
          updatedAt: context.database.updatedAt,
        },
      }),
    },
  };
}

interface PartContext extends InspectContext {
  readonly scanners: readonly Scanner[];
  readonly output: string;
}

async function inspectPart(
  part: ScanPart,
  { trivy, database, scanners, options, output }: PartContext,
): Promise<{ inspection: Inspection; report?: string }> {
  const subject = subjectOf(part.target);
  const cacheDir = database?.cacheDir ?? trivy.tempDir;
  let scanned: Scanned;
  try {
    const plan = { target: part.target, scanners, options, cacheDir, output };
    scanned = await withoutJava(plan, (each) => scanTarget(trivy, each));
  } catch (error) {
    trivy.signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    return { inspection: { subject, findings: [], gaps: [error], notices: [], facts: [] } };
  }
  const { kind } = part.target;
  const { image, platform } = part;
  const packageTypes = options?.packageTypes;
  const expected = { subject, kind, image, platform, scanners, packageTypes };
  const inspection = inspectReport(scanned.report, expected);
  const { gaps, notices } = scanned.asides;
  const comments = await findIgnoreComments(part.target, scanned.report);
  return {
    report: output,
    inspection: {
      ...inspection,
      // A file that could not be read is why nothing was found in it.
      gaps: [...gaps, ...inspection.gaps],
      notices: [...inspection.notices, ...notices, ...comments],
    },
  };
}

function reportName({ platform }: ScanPart, parts: number): string {
  return parts === 1 || platform === undefined
    ? 'report.json'
    : `report-${platform.replaceAll(/[^A-Za-z0-9]+/g, '-')}.json`;
}

function impossible(
  asked: readonly Scanner[],
  scanners: readonly Scanner[],
  { kind }: Target,
): Gap[] {
  const left = asked.filter((scanner) => !scanners.includes(scanner));
  if (left.length === 0) return [];
  return [
    {
      what: `Trivy cannot look for ${left.join(', ')} in ${kind === 'sbom' ? 'an SBOM' : 'configuration'}.`,
      remedy: `Leave ${left.join(', ')} out of scanners.`,
    },
  ];
}

/** What somebody chose not to have looked at belongs to what a reader has to know. */
function leftOut({ skipDirs = [], skipFiles = [], packageTypes }: ScanOptions = {}): Fact[] {
  const skipped = [...skipDirs, ...skipFiles];
  return [
    ...(skipped.length === 0
      ? []
      : [{ name: 'Not looked at, as asked', value: skipped.join(', ') }]),
    ...(packageTypes?.length === 1
      ? [{ name: 'Only packages of', value: packageTypes.join(', ') }]
      : []),
  ];
}
