import { findLive } from '../../../../../shared/kube/compare/compareObjects.ts';
import { type KubeApi, KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import {
  type KubeObject,
  listAt,
  nameOf,
  textAt,
} from '../../../../../shared/kube/preflight/KubeObject.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { sideBySide } from '../../../../../shared/oci/sideBySide.ts';
import { wantsToBeKept } from '../plan/findRemoved.ts';
import type { Own } from './findOwn.ts';

/** An object that should be gone. */
export interface Left {
  readonly object: string;
  readonly why: string;
  readonly remedy: string;
}

/** Finds what of a release is still there after it was removed, those that somebody holds first. */
export async function findLeft(
  api: Pick<KubeApi, 'get'>,
  { objects }: Own,
): Promise<readonly Left[]> {
  const live = await sideBySide(objects, 16, (known) =>
    findLive(api, known).catch((error: unknown) => {
      if (!(error instanceof KubeProblem)) throw error;
      return undefined;
    }),
  );
  return live
    .flatMap((object) => (object === undefined || wantsToBeKept(object) ? [] : [explain(object)]))
    .toSorted((a, b) => Number(b.held) - Number(a.held));
}

function explain(object: KubeObject): Left & { readonly held: boolean } {
  const finalizers = listAt(object, 'metadata', 'finalizers').map((one) => oneLine(String(one)));
  const isGoing = textAt(object, 'metadata', 'deletionTimestamp') !== undefined;
  const name = oneLine(nameOf(object));
  if (isGoing && finalizers.length > 0) {
    return {
      object: name,
      held: true,
      why: `It is being deleted, and ${finalizers.join(', ')} ${finalizers.length === 1 ? 'holds' : 'hold'} it (metadata.finalizers)`,
      remedy:
        'Bring back the controller that has to clean up after it; take the finalizer out only when nothing is left to clean up.',
    };
  }
  return {
    object: name,
    held: false,
    why: isGoing ? 'It is being deleted' : 'It was not deleted',
    remedy: isGoing ? 'Give it more time in `timeout`.' : 'Run this again, or delete it by hand.',
  };
}
