import { Failure } from '../../failure/Failure.ts';
import type { Problem } from '../../verify/Check.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { workloadsOf } from '../rollout.ts';
import type { Snapshot } from '../Snapshot.ts';
import type { LogRate } from './LogRate.ts';

/** More pods say the same. */
const mostContainers = 50;
const largestLog = 2 * 1024 * 1024;

export interface ReadLogs {
  readonly namespace: string;
  readonly release: string;
  readonly container?: string | undefined;
  /** The time since then is asked for in seconds of the kubelet's own clock: ours may differ. */
  readonly sinceMs: number;
}

/**
 * Reads what the containers of a release have written.
 *
 * @returns what keeps from reading
 */
export async function readLogs(
  api: Pick<KubeApi, 'text'>,
  snapshot: Snapshot,
  { namespace, release, container, sinceMs }: ReadLogs,
  rate: LogRate,
): Promise<Problem | undefined> {
  const seconds = Math.max(1, Math.floor((performance.now() - sinceMs) / 1000));
  const all = workloadsOf(snapshot, release).flatMap(({ kind, name, pods }) =>
    pods.flatMap(({ metadata, spec }) =>
      (spec?.containers ?? [])
        .filter((one) => container === undefined || one.name === container)
        .map((one) => ({
          ...{ pod: metadata?.name ?? '', container: one.name },
          chain: `${kind}/${name} → pod ${metadata?.name} → container ${one.name}`,
        })),
    ),
  );
  const problems = await Promise.all(
    all.slice(0, mostContainers).map(async ({ pod, container: name, chain }) => {
      const query = new URLSearchParams({
        ...{ container: name, timestamps: 'true' },
        ...{ sinceSeconds: String(seconds), limitBytes: String(largestLog) },
      });
      try {
        rate.take(
          chain,
          await api.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`),
        );
        return undefined;
      } catch (error) {
        return problemOf(error);
      }
    }),
  );
  return problems.find((problem) => problem !== undefined);
}

/** A container that has gone, or not begun, has no log. */
function problemOf(error: unknown): Problem | undefined {
  if (error instanceof KubeProblem && error.code !== 403) return undefined;
  if (!(error instanceof KubeProblem || error instanceof Failure)) throw error;
  return {
    kind: error instanceof KubeProblem ? 'unjudged' : 'away',
    what: 'logs: they cannot be read',
    why: error.message,
    remedy: 'Grant the kubeconfig’s user `get` on `pods/log` in the namespace.',
  };
}
