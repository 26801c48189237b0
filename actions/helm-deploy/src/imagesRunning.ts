import { workloadsOf } from '../../../shared/kube/rollout.ts';
import type { Snapshot } from '../../../shared/kube/Snapshot.ts';

/** An image that containers of the release run; untrusted. */
export interface ImageRunning {
  /** As the pod names it. */
  readonly image: string;
  /** What the kubelet runs of it. */
  readonly digest: string | undefined;
  /** `Deployment/web` */
  readonly objects: readonly string[];
}

/** What the containers of a release run, by what the kubelets say. */
export function imagesRunning(snapshot: Snapshot, release: string): readonly ImageRunning[] {
  const found = new Map<string, { image: string; digest: string | undefined; objects: string[] }>();
  for (const { kind, name, pods } of workloadsOf(snapshot, release)) {
    for (const { status, spec } of pods) {
      const statuses = [
        ...(status?.initContainerStatuses ?? []),
        ...(status?.containerStatuses ?? []),
      ];
      for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
        const imageId = statuses.find((one) => one.name === container.name)?.imageID ?? '';
        const digest = /sha256:[0-9a-f]{64}/.exec(imageId)?.[0];
        const image = container.image ?? '';
        const key = `${image} ${digest}`;
        const known = found.get(key) ?? { image, digest, objects: [] };
        found.set(key, known);
        const object = `${kind}/${name}`;
        if (!known.objects.includes(object)) known.objects.push(object);
      }
    }
  }
  return [...found.values()];
}
