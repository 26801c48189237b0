import { Failure } from '../../../shared/failure/Failure.ts';
import { bareImage } from '../../../shared/helm/manifests/isNamed.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import type { Snapshot } from '../../../shared/kube/Snapshot.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { formatReference, type PinnedReference } from '../../../shared/oci/Reference.ts';

export interface ImageCheck {
  /** A container runs another content of an image that was given. */
  readonly failure: Failure | undefined;
  /** Images that no container of the release has. */
  readonly unused: readonly PinnedReference[];
}

/**
 * Compares the pods that run with the images that were given: in the cluster, since a chart may ignore
 * the value into which a digest was put, and a webhook may change it.
 */
export function checkImages(
  snapshot: Snapshot,
  release: string,
  images: readonly PinnedReference[],
): ImageCheck {
  const containers = workloadsOf(snapshot, release).flatMap((workload) =>
    workload.pods.flatMap(({ metadata, spec }) =>
      [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(
        ({ name, image = '' }) => ({
          ...{
            at: `${workload.kind}/${workload.name} → pod ${metadata?.name} → container ${name}`,
            image,
          },
        }),
      ),
    ),
  );
  const unused: PinnedReference[] = [];
  for (const image of images) {
    const mine = containers.filter(
      (container) => bareImage(container.image) === `${image.registry}/${image.repository}`,
    );
    if (mine.length === 0) unused.push(image);
    const wrong = mine.find((container) => !container.image.endsWith(`@${image.digest}`));
    if (wrong === undefined) continue;
    const failure = new Failure({
      what: `${oneLine(wrong.at)} runs ${oneLine(wrong.image)}, and \`images\` gave ${formatReference(image)}.`,
      why: 'The chart does not use the value into which it was put, or something in the cluster changed it.',
      remedy:
        'Write the path of the value that the template uses, or the name of the image in the place of a path.',
    });
    return { failure, unused };
  }
  return { failure: undefined, unused };
}
