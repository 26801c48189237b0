import { at, type KubeObject, listAt } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';
import { quantity } from './quantity.ts';

/** Pods that an object makes, each as the server would admit it (with the defaults of a LimitRange). */
export interface PodsToCome {
  readonly name: string;
  readonly pod: KubeObject;
  readonly count: number;
}

/**
 * Whether the quotas of a namespace hold all pods of a release together: the server itself looks at one
 * pod at a time. Quotas of some pods only (by scope) are left to it.
 */
export function quotaLeft(quotas: readonly KubeObject[], pods: readonly PodsToCome[]): Obstacle[] {
  const coming = pods.filter(({ count }) => count > 0);
  const many = coming.reduce((sum, { count }) => sum + count, 0);
  if (many < 2) return [];
  return quotas.flatMap((one) => {
    if (at(one, 'spec', 'scopes') !== undefined || at(one, 'spec', 'scopeSelector') !== undefined)
      return [];
    for (const [resource, limit] of Object.entries((at(one, 'status', 'hard') ?? {}) as object)) {
      const needed = coming.reduce((sum, { pod, count }) => sum + count * use(pod, resource), 0);
      const hard = quantity(limit);
      const used = quantity(at(one, 'status', 'used', resource) ?? 0);
      // Numbers of this size are not exact.
      if (needed === 0 || !(used + needed > hard * (1 + 1e-9))) continue;
      return [tooMuch(one, resource, String(limit), { needed, hard, used }, coming)];
    }
    return [];
  });
}

function tooMuch(
  { metadata }: KubeObject,
  resource: string,
  limit: string,
  { needed, hard, used }: { needed: number; hard: number; used: number },
  coming: readonly PodsToCome[],
): Obstacle {
  const names = coming.map(({ name, count }) => `${count} of ${name}`).join(', ');
  return {
    rank: 'quota',
    // What others use may go while the release comes up.
    certain: needed > hard,
    object: coming[0]?.name ?? '',
    rule: `quota ${metadata.name}`,
    what: `Quota ${metadata.name} of the namespace does not hold all pods of the release.`,
    why: `They want ${round(needed)} of ${resource} (${names}), ${round(used)} of ${limit} are in use`,
    remedy: 'Ask for less (`resources`, replicas), or raise the quota.',
  };
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** What a pod counts for: the larger of its init containers and of the sum of the others. */
function use(pod: KubeObject, resource: string): number {
  if (resource === 'pods' || resource === 'count/pods') return 1;
  const [, kind = 'requests', name = resource] = /^(requests|limits)\.(.+)$/.exec(resource) ?? [];
  if (resource === name && !['cpu', 'memory', 'ephemeral-storage'].includes(name)) return 0;
  const of = (list: string) =>
    listAt(pod, 'spec', list).map((container) => {
      const amount = at(container, 'resources', kind, name);
      return amount === undefined ? 0 : quantity(amount);
    });
  const together = of('containers').reduce((sum, amount) => sum + amount, 0);
  return Math.max(together, ...of('initContainers'));
}
