import {
  type RunningContainer,
  workloadKey,
} from '../../../../shared/kube/reports/RunningImage.ts';
import type { ContainerImage } from '../../../../shared/kube/reports/readPod.ts';
import type { Digest } from '../../../../shared/oci/Reference.ts';

/** What one team deploys and mends: a release, or a workload that belongs to none. */
export interface Component {
  /** `apps/web`, or `apps/Deployment/web`. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly images: ReadonlySet<Digest>;
  /** Containers of which nothing tells what they run. */
  readonly unknown: readonly string[];
}

/** The component that a container belongs to, by the label of its release. */
export function componentOf({ release, workload }: RunningContainer): string {
  // A label may be there and empty.
  return release ? [workload.namespace ?? '', release].join('/') : workloadKey(workload);
}

/** Puts containers together to components, by name. */
export function componentsOf(containers: readonly ContainerImage[]): Component[] {
  const groups = Map.groupBy(containers, ({ container }) => componentOf(container));
  return [...groups]
    .map(([name, group]) => ({
      name,
      namespace: group[0]?.container.workload.namespace,
      images: new Set(group.flatMap(({ digest }) => digest ?? [])),
      unknown: [...new Set(group.filter(({ digest }) => digest === undefined).map(placeOf))],
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function placeOf({ container }: ContainerImage): string {
  return `${workloadKey(container.workload)} (${container.name})`;
}
