import type { Runner } from '../../../shared/action/Runner.ts';
import {
  changesBetween,
  type RevisionChange,
} from '../../../shared/helm/manifests/changesBetween.ts';
import { readRelease } from '../../../shared/helm/readRelease.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { digestOf } from '../../../shared/oci/putManifest.ts';
import { redact } from '../../../shared/process/redact.ts';
import type { DeployPlan } from './DeployPlan.ts';

/** How a revision differs from the one before. */
export interface Compared {
  /** `undefined` for the first one. */
  readonly previous: number | undefined;
  readonly changes: readonly RevisionChange[];
}

/**
 * Compares a revision with the one before by what Helm keeps of both, and tells the outputs of it.
 *
 * @returns `undefined` where they cannot be read: releases may be kept elsewhere
 */
export async function compareRevisions(
  api: KubeApi,
  { release, namespace }: Pick<DeployPlan, 'release' | 'namespace'>,
  { previous, made }: { readonly previous: number | undefined; readonly made: number },
  { output, secrets }: Runner,
): Promise<Compared | undefined> {
  const read = (revision: number) => readRelease(api, { release, namespace, revision });
  try {
    const [after, before] = await Promise.all([
      read(made),
      previous === undefined ? undefined : read(previous),
    ]);
    output('manifest-digest', digestOf(after.manifest));
    const known = [...secrets];
    const hide = (text: string | undefined) =>
      text === undefined ? {} : { text: redact(text, known) };
    const changes = changesBetween(before?.manifest ?? '', after.manifest).map((one) => ({
      ...one,
      fields: one.fields.map(({ path, ...values }) => {
        const [was, is] = [hide(values.before), hide(values.after)];
        return {
          path,
          ...('text' in was && { before: was.text }),
          ...('text' in is && { after: is.text }),
        };
      }),
    }));
    output('changed', JSON.stringify(changes.map(({ object }) => object)));
    return { previous, changes };
  } catch {
    // What it tells is for people, and no reason to fail.
    return undefined;
  }
}
