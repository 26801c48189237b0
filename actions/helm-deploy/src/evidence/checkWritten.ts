import { Failure } from '../../../../shared/failure/Failure.ts';
import { readRelease } from '../../../../shared/helm/readRelease.ts';
import type { RevisionRef } from '../../../../shared/helm/storedRelease.ts';
import { type KubeApi, KubeProblem } from '../../../../shared/kube/KubeApi.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { imagesOfRelease } from './imagesOfRelease.ts';

/**
 * Compares what Helm wrote with what was proven before: templates may render something else the second
 * time, by what they look up or by chance.
 *
 * @returns what is wrong; nothing where nothing has to be proven
 */
export async function checkWritten(
  proven: ReadonlySet<string> | undefined,
  ref: RevisionRef,
  api: Pick<KubeApi, 'get'>,
): Promise<Failure | undefined> {
  if (proven === undefined) return undefined;
  try {
    const written = imagesOfRelease(await readRelease(api, ref));
    const other = written.find(({ image }) => !proven.has(image));
    if (other === undefined) return undefined;
    return new Failure({
      what: `${oneLine(other.usedBy[0] ?? '')} runs ${oneLine(other.image)}, of which no evidence was seen.`,
      why: 'The chart rendered another image than when its images were proven.',
      remedy: 'Make the chart’s images depend on its values alone, not on `lookup` or chance.',
    });
  } catch (error) {
    if (!(error instanceof KubeProblem)) throw error;
    return new Failure({
      what: `What Helm wrote of ${ref.release} cannot be compared with the images that were proven.`,
      why: error.message,
      remedy:
        'Let the user read Secrets of the namespace, where Helm keeps its releases (HELM_DRIVER=secret).',
    });
  }
}
