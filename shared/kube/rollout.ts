import type { V1Job, V1ObjectMeta, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Snapshot } from './Snapshot.ts';

/** One workload of a release, and how far it is. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';
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
  /** Counts the changes of its specification. */
  readonly generation: number;
  /** A Job that Helm runs before or after the change. */
  readonly hook: boolean;
}

/**
 * The workloads that Helm made for a release (it marks each object with the release's name), with
 * the pods of their present revision; and the Jobs of its hooks.
 */
export function workloadsOf(snapshot: Snapshot, release: string): Workload[] {
  const mine = <T extends { metadata?: V1ObjectMeta }>(objects: readonly T[]) =>
    objects.filter(
      ({ metadata }) => metadata?.annotations?.['meta.helm.sh/release-name'] === release,
    );
  return [
    ...mine(snapshot.deployments).map((deployment): Workload => {
      const { metadata, spec, status } = deployment;
      const desired = spec?.replicas ?? 1;
      const observed = isObserved(deployment);
      const newest = newestOf(
        snapshot.replicaSets.filter((candidate) => isOwnedBy(candidate, metadata?.uid)),
      );
      // Until its controller has seen a change, the newest ReplicaSet is that of the revision before.
      const present = observed && revisionOf(newest) >= revisionOf(deployment);
      const replicaSet = present ? newest : undefined;
      // The Deployment's own count of available pods has those of the revision before in it.
      const ready = replicaSet?.status?.availableReplicas ?? 0;
      return {
        ...identity('Deployment', metadata),
        desired,
        ready,
        done:
          observed && ready >= desired && (status?.replicas ?? 0) <= (status?.updatedReplicas ?? 0),
        pods: ownedBy(snapshot.pods, replicaSet?.metadata?.uid),
        replicaSet,
      };
    }),
    ...mine(snapshot.statefulSets).map((set): Workload => {
      const { metadata, spec, status } = set;
      const desired = spec?.replicas ?? 1;
      const observed = isObserved(set);
      const ready = observed
        ? Math.min(status?.updatedReplicas ?? 0, status?.readyReplicas ?? 0)
        : 0;
      return {
        ...identity('StatefulSet', metadata),
        desired,
        ready,
        done: ready >= desired,
        pods: ownedBy(snapshot.pods, metadata?.uid).filter(
          (pod) =>
            observed &&
            pod.metadata?.labels?.['controller-revision-hash'] === status?.updateRevision,
        ),
        replicaSet: undefined,
      };
    }),
    ...mine(snapshot.daemonSets).map((set): Workload => {
      const { metadata, status } = set;
      const observed = isObserved(set);
      const desired = status?.desiredNumberScheduled ?? 0;
      const ready = observed
        ? Math.min(status?.updatedNumberScheduled ?? 0, status?.numberReady ?? 0)
        : 0;
      const template = Number(
        metadata?.annotations?.['deprecated.daemonset.template.generation'] ?? 0,
      );
      return {
        ...identity('DaemonSet', metadata),
        desired,
        ready,
        done: observed && ready >= desired,
        pods: ownedBy(snapshot.pods, metadata?.uid).filter(
          (pod) => observed && templateGeneration(pod) >= template,
        ),
        replicaSet: undefined,
      };
    }),
    ...[...mine(snapshot.jobs), ...hooksOf(snapshot, release)].map((job): Workload => {
      const desired = job.spec?.completions ?? 1;
      const ready = job.status?.succeeded ?? 0;
      return {
        ...identity('Job', job.metadata),
        hook: isHook(job),
        desired,
        ready,
        done: ready >= desired,
        pods: ownedBy(snapshot.pods, job.metadata?.uid),
        replicaSet: undefined,
      };
    }),
  ];
}

function identity<K extends Workload['kind']>(kind: K, metadata: V1ObjectMeta | undefined) {
  const { name = '', uid = '', generation = 0 } = metadata ?? {};
  return { kind, name, uid, generation, hook: false };
}

/** Helm does not mark hooks with the release; charts give them its label or the beginning of its name. */
function hooksOf({ jobs }: Snapshot, release: string): V1Job[] {
  return jobs.filter((job) => {
    const instance = job.metadata?.labels?.['app.kubernetes.io/instance'];
    const name = job.metadata?.name ?? '';
    const mine =
      instance === undefined ? `${name}-`.startsWith(`${release}-`) : instance === release;
    return mine && isHook(job);
  });
}

function isHook({ metadata }: V1Job): boolean {
  return /(pre|post)-(install|upgrade)/.test(metadata?.annotations?.['helm.sh/hook'] ?? '');
}

interface Observed {
  readonly metadata?: V1ObjectMeta;
  readonly status?: { readonly observedGeneration?: number };
}

/** Whether its controller has seen the last change, so that its status speaks of it. */
function isObserved({ metadata, status }: Observed): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

function isOwnedBy(object: { metadata?: V1ObjectMeta }, uid: string | undefined): boolean {
  return (
    uid !== undefined &&
    (object.metadata?.ownerReferences ?? []).some((owner) => owner.uid === uid && owner.controller)
  );
}

function ownedBy(pods: readonly V1Pod[], uid: string | undefined): V1Pod[] {
  return pods.filter((pod) => isOwnedBy(pod, uid));
}

/** The Deployment's controller counts its ReplicaSets in an annotation of both. */
function revisionOf(object: { metadata?: V1ObjectMeta } | undefined): number {
  return Number(object?.metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

function newestOf(replicaSets: readonly V1ReplicaSet[]): V1ReplicaSet | undefined {
  return [...replicaSets].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}

function templateGeneration({ metadata }: V1Pod): number {
  return Number(metadata?.labels?.['pod-template-generation'] ?? 0);
}
