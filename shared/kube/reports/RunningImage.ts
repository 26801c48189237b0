import type { Digest, PinnedReference } from '../../oci/Reference.ts';

/** What a person knows pods by. */
export interface Workload {
  /** `undefined` for what belongs to the whole cluster. */
  readonly namespace: string | undefined;
  readonly kind: string;
  readonly name: string;
}

/** A container that runs, or has run in a pod that is not over. */
export interface RunningContainer {
  /** The Deployment, not its ReplicaSet; the pod itself, where nothing controls it. */
  readonly workload: Workload;
  readonly pod: string;
  readonly name: string;
  /** When its pod was made. */
  readonly since: Date;
  /** Of what controls the pod; its own where nothing does. */
  readonly controllerUid: string | undefined;
  /** The release it belongs to, as the label `app.kubernetes.io/instance` says. */
  readonly release: string | undefined;
}

/** An image that a cluster runs, by its content. */
export interface RunningImage {
  /** Of the manifest or index; of the image's configuration where the runtime tells no other. */
  readonly digest: Digest;
  /** Where it can be pulled from; `undefined` where the runtime does not know. */
  readonly reference: PinnedReference | undefined;
  /** As the pods call it: for people. Untrusted. */
  readonly name: string;
  readonly containers: readonly RunningContainer[];
}

/** `apps/Deployment/web`: one name for each workload; also how paths of findings begin. */
export function workloadKey({ namespace, kind, name }: Workload): string {
  return [namespace, kind, name].filter((part) => part !== undefined).join('/');
}
