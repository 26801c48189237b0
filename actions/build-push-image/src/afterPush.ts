import { appendFile } from 'node:fs/promises';
import type { Runner } from '../../../shared/action/Runner.ts';
import { findMovedTags } from '../../../shared/oci/findMovedTags.ts';
import {
  type Digest,
  formatReference,
  type PinnedReference,
  type Reference,
} from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { ifKnown, patience } from './progress/ifKnown.ts';

/**
 * Announces an image to later steps of the job, and looks whether its tags still are its own.
 *
 * @returns what is wrong, a sentence or two each; it was told by then
 */
export async function afterPush(
  reference: PinnedReference,
  tags: readonly Reference[],
  registry: RegistryClient,
  runner: Runner,
): Promise<readonly string[]> {
  await announce(formatReference(reference), runner);
  const warnings = await movedTags(tags, reference.digest, registry, runner);
  warnMasked(reference.registry, runner);
  return warnings;
}

/** Where later steps of the job find what was made, such as an attestation of it. */
async function announce(reference: string, { env, log }: Runner): Promise<void> {
  const { GITHUB_ARTIFACTS: file } = env;
  if (!file) return;
  try {
    await appendFile(file, `oci://${reference}\n`);
  } catch (error) {
    log.warning(
      `The image is not announced to later steps, since GITHUB_ARTIFACTS cannot be written: ${(error as Error).message}.`,
    );
  }
}

/** Another job may have pushed under the same tag since. */
async function movedTags(
  tags: readonly Reference[],
  digest: Digest,
  registry: RegistryClient,
  { log }: Runner,
): Promise<string[]> {
  const moved = (await ifKnown(findMovedTags(registry, tags, digest), patience())) ?? [];
  return moved.map(({ reference, digest: now }) => {
    const text = `${formatReference(reference)} was moved by another job and names ${now ?? 'nothing'} now; what was made here is ${digest}.`;
    log.warning(text);
    return text;
  });
}

/** The runner drops an output that holds a masked value, and says so only in its own log. */
function warnMasked(registry: string, { secrets, log }: Runner): void {
  const masked = [...secrets].some((secret) => registry.includes(secret));
  if (!masked) return;
  log.warning(
    'The registry is a secret here, so that the runner keeps `reference` from other jobs. Keep its name as a variable (`vars.`), or hand on `reference-without-host`.',
  );
}
