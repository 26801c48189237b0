import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import { count } from '../text/count.ts';
import type { Gap, Inspection } from '../verdict/Inspection.ts';
import { inspectReport } from './inspectReport.ts';
import type { Inspected } from './inspectTarget.ts';
import { readReport } from './scanTarget.ts';
import { defaultScanners, type ReportTarget, type Scanner, subjectOf } from './Target.ts';

interface ForeignContext {
  readonly scanners?: readonly Scanner[] | undefined;
  readonly keepIn: string;
  readonly now?: () => number;
}

/** A clock may be a little off; a report of tomorrow is none. */
const clockSkewMs = 5 * 60_000;

/**
 * Reads a report that Trivy made elsewhere, and looks for what makes it no evidence.
 *
 * @throws {Failure} when it is not there, or not a whole report of Trivy
 */
export async function inspectForeign(
  target: ReportTarget,
  { scanners, keepIn, now = Date.now }: ForeignContext,
): Promise<Inspected> {
  if (!existsSync(target.path)) {
    throw new Failure({
      what: `The report ${subjectOf(target)} is not there.`,
      remedy:
        'Write a path of the workspace, and check that the step that makes it ran before this one.',
    });
  }
  const kept = join(keepIn, 'report.json');
  const report = await readReport(target.path, kept);
  const isConfig = (report.Results ?? []).some(({ Class }) => Class === 'config');
  const kind = report.ArtifactType === 'container_image' ? 'image' : 'filesystem';
  const usual = defaultScanners({ kind: isConfig && kind === 'filesystem' ? 'config' : kind });
  const inspection = inspectReport(report, {
    subject: subjectOf(target),
    kind: 'report',
    image: target.image,
    scanners: scanners ?? usual,
  });
  return {
    reports: [kept],
    digest: target.image?.digest,
    inspection: {
      ...inspection,
      gaps: [...inspection.gaps, ...tooOld(inspection, target, now())],
      notices: [
        ...inspection.notices,
        'The report was made elsewhere: it does not say what was left out of it (severities, ignore files), nor by which database it was made.',
      ],
    },
  };
}

function tooOld({ scannedAt }: Inspection, { maxAgeMs }: ReportTarget, now: number): Gap[] {
  const remedy = 'Scan again, and give that report.';
  if (scannedAt === undefined) {
    return [{ what: 'The report does not say when it was made.', remedy }];
  }
  const made = scannedAt.toISOString();
  if (scannedAt.getTime() > now + clockSkewMs) {
    return [
      { what: `The report says that it was made at ${made}, which is still to come.`, remedy },
    ];
  }
  if (maxAgeMs === undefined || now - scannedAt.getTime() <= maxAgeMs) return [];
  const hours = Math.floor((now - scannedAt.getTime()) / 3_600_000);
  return [
    {
      what: `The report is too old: it was made at ${made}, ${count(hours, 'hour')} ago.`,
      why: `At most ${count(Math.floor(maxAgeMs / 3_600_000), 'hour')} are allowed.`,
      remedy,
    },
  ];
}
