import type { KubeApi } from './KubeApi.ts';
import { emptySnapshot, type Kind, type Snapshot } from './Snapshot.ts';
import { pathOf } from './takeSnapshot.ts';
import { watchKind } from './watchKind.ts';

/** Changes come in bursts; one look a burst is enough. */
const settleMs = 100;

const watched: readonly Kind[] = [
  'deployments',
  'statefulSets',
  'daemonSets',
  'jobs',
  'replicaSets',
  'pods',
  'events',
];

/**
 * Follows what a namespace's workloads do.
 *
 * @param onChange told of the whole state after each burst of changes
 * @returns when `signal` aborts
 */
export async function watchNamespace(
  api: KubeApi,
  namespace: string,
  onChange: (snapshot: Snapshot) => void,
  signal: AbortSignal,
): Promise<void> {
  let snapshot: Snapshot = emptySnapshot;
  let pending: NodeJS.Timeout | undefined;
  await Promise.all(
    watched.map((kind) =>
      watchKind(
        api,
        pathOf(kind, namespace),
        (objects) => {
          snapshot = { ...snapshot, [kind]: objects };
          pending ??= setTimeout(() => {
            pending = undefined;
            if (!signal.aborted) onChange(snapshot);
          }, settleMs);
        },
        signal,
      ),
    ),
  );
  clearTimeout(pending);
}
