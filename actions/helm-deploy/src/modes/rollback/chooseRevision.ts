import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import type { Revision } from '../../../../../shared/helm/Helm.ts';
import type { ReleaseRecord } from '../../../../../shared/helm/readRelease.ts';
import { KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import type { Inputs } from '../../inputs.ts';

/**
 * Which revision is gone back to: the one that was asked for, else the last good one before the present
 * one that is another content. After a rollback, the revision before may be the same once more.
 *
 * @throws {Failure} when there is none
 */
export async function chooseRevision(
  history: readonly Revision[],
  { release, namespace, revision }: Pick<Inputs, 'release' | 'namespace' | 'revision'>,
  read: (revision: number) => Promise<ReleaseRecord>,
): Promise<number> {
  const list = `\`helm history ${release} --namespace ${namespace}\``;
  const last = history.at(-1);
  if (last === undefined) {
    throw new Failure({
      what: `There is no release ${release} in namespace ${namespace} that could go back.`,
      remedy: 'Correct `release` or `namespace`, or deploy it first.',
    });
  }
  if (revision !== undefined) {
    if (history.some((one) => one.revision === revision)) return revision;
    throw new Failure({
      what: `Input revision: release ${release} has no revision ${revision}.`,
      why: `Helm keeps ${history.map((one) => one.revision).join(', ')}`,
      remedy: `Choose one of them; ${list} tells what they are.`,
    });
  }
  const good = history
    .filter((one) => one !== last && /^(deployed|superseded)$/.test(one.status))
    .map((one) => one.revision)
    .toReversed();
  const present = await contentOf(last.revision, read);
  for (const candidate of good) {
    const content = await contentOf(candidate, read);
    const known = content !== undefined && present !== undefined;
    if (!known || !isDeepStrictEqual(content, present)) return candidate;
  }
  throw new Failure({
    what: `Release ${release} has no good revision with another content to go back to.`,
    why: `Its revisions are ${history.map((one) => `${one.revision} (${one.status})`).join(', ')}`,
    remedy: `Name one in \`revision\` (${list}), or deploy what is good.`,
  });
}

/** Releases may be kept elsewhere: then the history alone decides. */
async function contentOf(revision: number, read: (revision: number) => Promise<ReleaseRecord>) {
  try {
    const { manifest, config, chart } = await read(revision);
    return { manifest, config, chart };
  } catch (error) {
    if (!(error instanceof KubeProblem)) throw error;
    return undefined;
  }
}
