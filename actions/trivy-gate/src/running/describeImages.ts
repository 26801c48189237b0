import {
  type RunningContainer,
  workloadKey,
} from '../../../../shared/kube/reports/RunningImage.ts';
import { componentOf } from './Component.ts';
import type { ScannedImage } from './scanEach.ts';

/** What was judged, for a step that follows: the output `images`. */
export function describeImages(scanned: readonly ScannedImage[]): string {
  return JSON.stringify(
    scanned.map(({ image, seen }) => {
      const { verdict } = seen.judgement;
      const each = (name: (container: RunningContainer) => string) => [
        ...new Set(image.containers.map(name)),
      ];
      return {
        reference: seen.inspection.subject,
        components: each(componentOf),
        workloads: each(({ workload }) => workloadKey(workload)),
        verdict: verdict.outcome,
        reason: verdict.reason,
        findings: seen.counted,
        report: seen.reports[0],
      };
    }),
  );
}
