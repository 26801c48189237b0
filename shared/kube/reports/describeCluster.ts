import { count } from '../../text/count.ts';
import type { Fact } from '../../verdict/Inspection.ts';
import type { KubeApi } from '../KubeApi.ts';
import type { ClusterReport } from './ClusterReport.ts';
import { workloadKey } from './RunningImage.ts';
import type { Namespaces } from './runningImages.ts';
import type { Survey } from './surveyPods.ts';

/** What is inspected, as a person names it. */
export function subjectOf({ server }: Pick<KubeApi, 'server'>, namespaces: Namespaces): string {
  if (namespaces === 'all') return `cluster ${server}`;
  const noun = namespaces.length === 1 ? 'namespace' : 'namespaces';
  return `${noun} ${namespaces.join(', ')} of ${server}`;
}

/** How much runs, and how much was read of it. */
export function factsOf({ images, workloads }: Survey, used: readonly ClusterReport[]): Fact[] {
  const running = new Set([...workloads.values()].map(workloadKey)).size;
  const first = oldest(used);
  return [
    { name: 'Running', value: `${count(images.length, 'image')} in ${count(running, 'workload')}` },
    {
      name: 'Reports',
      value:
        first === undefined
          ? 'none'
          : `${used.length}, the oldest of ${first.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    },
  ];
}

/** When the first of them was made. */
export function oldest(reports: readonly ClusterReport[]): Date | undefined {
  if (reports.length === 0) return undefined;
  return new Date(Math.min(...reports.map(({ updatedAt }) => updatedAt.getTime())));
}
