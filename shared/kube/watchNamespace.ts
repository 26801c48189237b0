import type { V1Job } from '@kubernetes/client-node';
import type { CustomKind } from './customKinds.ts';
import type { KubeApi } from './KubeApi.ts';
import type { OverJobs } from './overJobs.ts';
import { isOver } from './readiness/jobs.ts';
import { type CustomObject, emptySnapshot, type Kind, type Snapshot } from './Snapshot.ts';
import { allKinds, asCustoms, pathOf } from './takeSnapshot.ts';
import { watchKind } from './watchKind.ts';

/** Changes come in bursts; one look a burst is enough. */
const settleMs = 100;

export interface Watched {
  readonly namespace: string;
  /** Kinds of the release that others have defined. */
  readonly customs?: readonly CustomKind[];
  /** What is known before the first lists are there. */
  readonly start?: Snapshot;
  /** Jobs that are over; those that are seen are added. */
  readonly over?: OverJobs;
}

/**
 * Follows what a namespace's workloads do; a Job that is over stays.
 *
 * @param onChange told of the whole state after each burst of changes
 * @returns when `signal` aborts
 */
export async function watchNamespace(
  api: KubeApi,
  { namespace, customs = [], start = emptySnapshot, over = new Map() }: Watched,
  onChange: (snapshot: Snapshot) => void,
  signal: AbortSignal,
): Promise<void> {
  let snapshot = start;
  let pending: NodeJS.Timeout | undefined;
  const changed = (part: Partial<Snapshot>) => {
    snapshot = { ...snapshot, ...part };
    pending ??= setTimeout(() => {
      pending = undefined;
      if (!signal.aborted) onChange(snapshot);
    }, settleMs);
  };
  const kinds = allKinds.map((kind: Kind) =>
    watchKind(
      api,
      pathOf(kind, namespace),
      (objects) => changed({ [kind]: objects }),
      signal,
      kind === 'jobs'
        ? { objects: over as Map<string, unknown>, stays: (object) => isOver(object as V1Job) }
        : undefined,
    ),
  );
  const byKind = new Map<CustomKind, readonly CustomObject[]>();
  const others = customs.map((kind) =>
    watchKind(
      api,
      kind.path,
      (objects) => {
        byKind.set(kind, asCustoms(kind, objects));
        changed({ customs: [...byKind.values()].flat() });
      },
      signal,
    ),
  );
  await Promise.all([...kinds, ...others]);
  clearTimeout(pending);
}
