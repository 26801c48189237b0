import type { ClusterReport } from './ClusterReport.ts';
import { coverageGaps } from './coverageGaps.ts';
import { goneNotice } from './ofImages.ts';
import { type Part, tooOld } from './Part.ts';
import { workloadKey } from './RunningImage.ts';
import type { Survey } from './surveyPods.ts';

/** Kinds that are there to run pods; without one they are over, or scaled to nothing. */
const podKinds: ReadonlySet<string> = new Set([
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
]);

/** What audits of configurations say of the workloads that run, and of objects that run nothing. */
export function ofObjects(
  reports: readonly ClusterReport[],
  { workloads }: Survey,
  notBefore: Date | undefined,
): Part {
  const isGone = ({ about }: ClusterReport) =>
    about !== undefined && podKinds.has(about.kind) && !workloads.has(workloadKey(about));
  const used = reports.filter((report) => !isGone(report));
  const audited = new Set(used.flatMap(({ about }) => workloadOf(about) ?? []));
  function workloadOf(about: ClusterReport['about']): string | undefined {
    if (about === undefined) return undefined;
    const key = workloadKey(about);
    return workloadKey(workloads.get(key) ?? about);
  }
  const running = new Set([...workloads.values()].map(workloadKey));
  return {
    used,
    findings: used.flatMap(({ about, findings }) =>
      findings.map((finding) => {
        const path = [workloadOf(about), finding.subject.path].filter(Boolean).join('/');
        return { ...finding, subject: { ...finding.subject, path: path || undefined } };
      }),
    ),
    gaps: coverageGaps(
      'audit of the configuration',
      {
        missing: [...running].filter((key) => !audited.has(key)),
        unproven: [],
        outdated: [],
        stale: tooOld(used, notBefore),
      },
      notBefore,
    ),
    notices: goneNotice('audit', reports.filter(isGone)),
  };
}
