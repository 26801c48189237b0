import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import {
  type Digest,
  type PinnedReference,
  parseDigest,
  parseReference,
  pin,
} from '../../oci/Reference.ts';
import { type RunningContainer, type Workload, workloadKey } from './RunningImage.ts';

/** One container with its image. */
export interface ContainerImage {
  readonly container: RunningContainer;
  /** As the runtime names it, after it was pulled; '' before. Untrusted. */
  readonly name: string;
  /** `undefined` while nothing tells which content it is. */
  readonly digest: Digest | undefined;
  readonly reference: PinnedReference | undefined;
  /** Whether it runs or has run. */
  readonly started: boolean;
}

export interface ReadPod {
  readonly containers: readonly ContainerImage[];
  /** Keys of all that reports may name instead of the workload: the pod, its ReplicaSet. */
  readonly knownAs: readonly string[];
}

/** The containers of a pod, init and ephemeral ones too; none when the pod is over. */
export function readPod(pod: V1Pod): ReadPod {
  const { metadata, status } = pod;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') {
    return { containers: [], knownAs: [] };
  }
  const workload = workloadOf(pod);
  const controller = controllerOf(pod);
  const statuses = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return {
    knownAs: knownAs(pod, workload),
    containers: statuses.map((container) => ({
      ...imageOf(container),
      name: container.image,
      started: isStarted(container),
      container: {
        workload,
        pod: metadata?.name ?? '',
        name: container.name,
        since: new Date(metadata?.creationTimestamp ?? 0),
        controllerUid: controller?.uid ?? metadata?.uid,
        release: metadata?.labels?.['app.kubernetes.io/instance'],
      },
    })),
  };
}

function isStarted({ state, lastState }: V1ContainerStatus): boolean {
  return [state?.running, state?.terminated, lastState?.terminated].some(Boolean);
}

/**
 * What the runtime pulled: `registry/name@digest` (containerd, CRI-O), the same behind
 * `docker-pullable://`, or the bare digest of the image's configuration, of what was loaded and not
 * pulled.
 */
function imageOf({
  imageID = '',
}: V1ContainerStatus): Pick<ContainerImage, 'digest' | 'reference'> {
  const text = imageID.replace(/^[a-z-]+:\/\//, '');
  try {
    if (!text.includes('@')) return { digest: parseDigest(text), reference: undefined };
    const reference = parseReference(text);
    if (reference.digest === undefined) return { digest: undefined, reference: undefined };
    return { digest: reference.digest, reference: pin(reference, reference.digest) };
  } catch (error) {
    if (error instanceof SyntaxError) return { digest: undefined, reference: undefined };
    throw error;
  }
}

/** Static pods belong to their node, which runs many; that is nobody's workload. */
function controllerOf({ metadata }: V1Pod) {
  return metadata?.ownerReferences?.find(({ controller, kind }) => controller && kind !== 'Node');
}

/** What a person deployed: the Deployment of a ReplicaSet, the CronJob of a Job; both are named after it. */
function workloadOf(pod: V1Pod): Workload {
  const { namespace, name = '', labels } = pod.metadata ?? {};
  const controller = controllerOf(pod);
  if (controller === undefined) return { namespace, kind: 'Pod', name };
  const suffix = `-${labels?.['pod-template-hash'] ?? ''}`;
  if (controller.kind === 'ReplicaSet' && suffix !== '-' && controller.name.endsWith(suffix)) {
    return { namespace, kind: 'Deployment', name: controller.name.slice(0, -suffix.length) };
  }
  // The suffix is the minute of its run, in minutes since 1970.
  const cron = controller.kind === 'Job' ? /^(.+)-\d{8,}$/.exec(controller.name)?.[1] : undefined;
  if (cron !== undefined) return { namespace, kind: 'CronJob', name: cron };
  return { namespace, kind: controller.kind, name: controller.name };
}

function knownAs(pod: V1Pod, workload: Workload): string[] {
  const { namespace, name = '' } = pod.metadata ?? {};
  const controller = controllerOf(pod);
  const names: Workload[] = [workload, { namespace, kind: 'Pod', name }];
  if (controller) names.push({ namespace, kind: controller.kind, name: controller.name });
  return names.map(workloadKey);
}
