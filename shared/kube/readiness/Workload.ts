import { createHash } from 'node:crypto';
import type { V1ObjectMeta, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';

/** What an object itself says against being ready. */
export interface Trouble {
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
  /** How long it has to go on until waiting cannot mend it: 0, or `heals` for ever. */
  readonly patienceMs: number;
  /** Where it is seen, when that is below the object: `Ingress/web → Service/web`. */
  readonly chain?: string;
  /** It tells more than what the object's pods say. */
  readonly first?: boolean;
}

/** One object of a release that has to become ready, and how far it is. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly desired: number;
  /** Ready ones of the present revision. */
  readonly ready: number;
  readonly done: boolean;
  /** The pods of the present revision only: an old one that fails is not this rollout's fault. */
  readonly pods: readonly V1Pod[];
  /** The present ReplicaSet of a Deployment. */
  readonly replicaSet: V1ReplicaSet | undefined;
  readonly uid: string;
  /** Counts the changes of its specification; a digest of it for kinds that do not count. */
  readonly generation: number;
  /** A Job that Helm runs before or after the change. */
  readonly hook: boolean;
  readonly trouble?: Trouble | undefined;
  /** When it was made, by the cluster's clock. */
  readonly createdMs?: number | undefined;
}

export interface Owned {
  readonly metadata?: V1ObjectMeta;
}

/** Helm marks each object with the name of its release. */
export function ofRelease<T extends Owned>(objects: readonly T[], release: string): T[] {
  return objects.filter(
    ({ metadata }) => metadata?.annotations?.['meta.helm.sh/release-name'] === release,
  );
}

export function isOwnedBy({ metadata }: Owned, uid: string | undefined): boolean {
  return (
    uid !== undefined &&
    (metadata?.ownerReferences ?? []).some((owner) => owner.uid === uid && owner.controller)
  );
}

export function ownedBy<T extends Owned>(objects: readonly T[], uid: string | undefined): T[] {
  return objects.filter((object) => isOwnedBy(object, uid));
}

/** Whether its controller has seen the last change, so that its status speaks of it. */
export function isObserved({
  metadata,
  status,
}: Owned & { readonly status?: { readonly observedGeneration?: number } }): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

/** What every one of them has; for kinds that run pods. */
export function identity(kind: string, metadata: V1ObjectMeta | undefined) {
  const { name = '', uid = '', generation = 0, creationTimestamp } = metadata ?? {};
  const createdMs = creationTimestamp && new Date(creationTimestamp).getTime();
  return { ...{ kind, name, uid, generation }, hook: false, ...(createdMs && { createdMs }) };
}

/** An object that is ready unless there is trouble. */
export function beside(
  kind: string,
  { metadata, spec }: Owned & { readonly spec?: unknown },
  trouble: Trouble | undefined,
): Workload {
  const { generation, ...known } = identity(kind, metadata);
  return {
    ...known,
    generation: generation === 0 ? digestOf(spec) : generation,
    desired: 1,
    ready: trouble === undefined ? 1 : 0,
    done: trouble === undefined,
    pods: [],
    replicaSet: undefined,
    trouble,
  };
}

/** Services, claims and autoscalers have no generation. */
function digestOf(spec: unknown): number {
  return createHash('sha256')
    .update(JSON.stringify(spec) ?? '')
    .digest()
    .readUInt32BE();
}
