import { count } from '../../text/count.ts';
import type { ClusterReport } from './ClusterReport.ts';
import { coverageGaps, enumerate } from './coverageGaps.ts';
import { type Part, tooOld } from './Part.ts';

/** What the cluster's compliance with standards is. */
export function ofStandards(reports: readonly ClusterReport[], notBefore: Date | undefined): Part {
  return {
    used: reports,
    findings: reports.flatMap(({ name, findings }) =>
      findings.map((finding) => {
        const path = [name, finding.subject.path].filter(Boolean).join('/');
        return { ...finding, subject: { ...finding.subject, path } };
      }),
    ),
    gaps: coverageGaps(
      'compliance report',
      {
        missing: reports.length === 0 ? ['the cluster'] : [],
        unproven: [],
        outdated: [],
        stale: tooOld(reports, notBefore),
      },
      notBefore,
    ),
    notices: reports
      .filter(({ manual }) => manual.length > 0)
      .map(
        ({ name, manual }) =>
          `${count(manual.length, 'control')} of ${name} only people can check: ${enumerate(manual).text}.`,
      ),
  };
}
