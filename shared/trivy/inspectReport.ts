import type { Inspection } from '../verdict/Inspection.ts';
import { aboutAnother, type Expected } from './aboutAnother.ts';
import { factsOf, imageOf, noticesOf, systemOf } from './describeReport.ts';
import { listPackages } from './listPackages.ts';
import { type Asked, notLookedAt } from './notLookedAt.ts';
import type { TrivyReport } from './TrivyReport.ts';
import { toFindings } from './toFindings.ts';

/**
 * Reads a report as what was seen, and what was not. A report about something else is no evidence at
 * all: of it only the gap remains.
 */
export function inspectReport(report: TrivyReport, asked: Asked & Expected): Inspection {
  const about = {
    subject: asked.subject,
    facts: factsOf(report),
    scanner: { name: 'Trivy', version: report.Trivy?.Version ?? 'unknown' },
    scannedAt: timeOf(report),
  };
  const gap = aboutAnother(report, asked);
  if (gap !== undefined) return { ...about, findings: [], gaps: [gap], notices: [] };
  return {
    ...about,
    findings: toFindings(report),
    gaps: notLookedAt(report, asked),
    notices: noticesOf(report),
    system: systemOf(report),
    packages: listPackages(report),
    image: imageOf(report),
  };
}

function timeOf({ CreatedAt }: TrivyReport): Date | undefined {
  const time = new Date(CreatedAt ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
