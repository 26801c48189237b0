import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { heals } from '../Patience.ts';
import type { Snapshot } from '../Snapshot.ts';
import { beside, ofRelease, type Trouble, type Workload } from './Workload.ts';

/**
 * Autoscalers: ready unless they say that they cannot work. They say nothing before their first
 * round, 15 s after they were made; waiting for that would slow each first deploy.
 */
export function autoscalers(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.autoscalers, release).map((scaler) =>
    beside('HorizontalPodAutoscaler', scaler, troubleOf(scaler)),
  );
}

function troubleOf({ spec, status }: V2HorizontalPodAutoscaler): Trouble | undefined {
  const off = status?.conditions?.find(
    ({ type, status: is, reason }) =>
      is === 'False' &&
      (type === 'AbleToScale' || type === 'ScalingActive') &&
      // Of a workload that people have scaled to nothing.
      reason !== 'ScalingDisabled',
  );
  if (off === undefined) return undefined;
  const { kind, name } = spec?.scaleTargetRef ?? {};
  return {
    reason: off.reason ?? off.type,
    message: off.message ?? 'it cannot scale',
    remedy:
      off.type === 'AbleToScale'
        ? `Correct scaleTargetRef in the chart: it names ${kind}/${name}.`
        : 'Look at what serves metrics in this cluster (metrics-server or an adapter), and at the requests of the pods.',
    patienceMs: heals,
  };
}
