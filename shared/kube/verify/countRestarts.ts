import type { Seen } from '../../verify/Check.ts';
import { workloadsOf } from '../rollout.ts';
import type { Snapshot } from '../Snapshot.ts';

/** How often each container of a release was restarted; by its pod's uid and its name. */
export type Restarts = ReadonlyMap<string, number>;

/** The restarts of a release so far. */
export function restartsOf(snapshot: Snapshot, release: string): Restarts {
  return new Map(rows(snapshot, release).map(({ key, count }) => [key, count]));
}

/**
 * Compares the restarts with those at the beginning. Pods that came since count from zero.
 *
 * @param most as many are allowed
 */
export function countRestarts(
  snapshot: Snapshot,
  release: string,
  before: Restarts,
  most: number,
): Seen {
  const more = rows(snapshot, release)
    .map((row) => ({ ...row, count: row.count - (before.get(row.key) ?? 0) }))
    .filter(({ count }) => count > 0);
  const total = more.reduce((sum, { count }) => sum + count, 0);
  const [first] = more;
  if (first === undefined || total <= most) return { note: `${total} restarts` };
  const times = total === 1 ? 'was restarted' : `was restarted ${first.count} times`;
  return {
    problem: {
      kind: 'violation',
      what: `${first.chain} ${times}${first.count < total ? `, of ${total} restarts` : ''}; allowed are ${most}`,
      why: first.why,
      remedy: 'Mend what its last log lines say.',
    },
  };
}

function rows(snapshot: Snapshot, release: string) {
  return workloadsOf(snapshot, release)
    .filter(({ kind }) => kind !== 'Job')
    .flatMap(({ kind, name, pods }) =>
      pods.flatMap(({ metadata, status }) =>
        [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
          (container) => {
            const { exitCode, reason } = container.lastState?.terminated ?? {};
            return {
              key: `${metadata?.uid}/${container.name}`,
              count: container.restartCount,
              chain: `${kind}/${name} → pod ${metadata?.name} → container ${container.name}`,
              why:
                exitCode === undefined
                  ? undefined
                  : `It ended with exit code ${exitCode} (${reason})`,
            };
          },
        ),
      ),
    );
}
