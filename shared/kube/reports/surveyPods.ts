import type { Gap } from '../../verdict/Inspection.ts';
import { enumerate } from './coverageGaps.ts';
import { type RunningImage, type Workload, workloadKey } from './RunningImage.ts';
import type { ReadPod } from './readPod.ts';
import { groupImages } from './runningImages.ts';

/** What runs, as far as reports may be about it. */
export interface Survey {
  readonly images: readonly RunningImage[];
  /** By each name that a report may give it: its pod, its ReplicaSet, its CronJob. */
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly gaps: readonly Gap[];
  readonly notices: readonly string[];
}

/** Puts together what the pods say. */
export function surveyPods(pods: readonly ReadPod[]): Survey {
  const containers = pods.flatMap((pod) => pod.containers);
  const unknown = containers.filter(({ digest }) => digest === undefined);
  const nameless = unknown.filter(({ started }) => started);
  const waiting = unknown.filter(({ started }) => !started);
  const places = (of: typeof containers) => [
    ...new Set(of.map(({ container }) => `${workloadKey(container.workload)} (${container.name})`)),
  ];
  const { text, details } = enumerate(places(nameless));
  const gap = {
    what: `Which images run in ${text} cannot be told.`,
    why: 'The container runtime says no digest.',
    remedy: 'Deploy images from a registry, by their digest.',
    details,
  };
  return {
    images: groupImages(containers),
    workloads: new Map(
      pods.flatMap(({ containers: [first], knownAs }) =>
        first === undefined ? [] : knownAs.map((name) => [name, first.container.workload] as const),
      ),
    ),
    gaps: nameless.length > 0 ? [gap] : [],
    notices:
      waiting.length > 0
        ? [`Not judged is what has not started yet: ${enumerate(places(waiting)).text}.`]
        : [],
  };
}
