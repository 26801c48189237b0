import { appendFile } from 'node:fs/promises';
import type { Runner } from '../../../shared/action/Runner.ts';
import {
  type Digest,
  formatReference,
  type PinnedReference,
  pin,
} from '../../../shared/oci/Reference.ts';
import type { Inputs } from './inputs.ts';

/** What is handed to the next step: the image by its digest; `undefined` without a push. */
export function referenceOf(
  { name, push }: Pick<Inputs, 'name' | 'push'>,
  digest: Digest | undefined,
): PinnedReference | undefined {
  return push && name !== undefined && digest !== undefined ? pin(name, digest) : undefined;
}

/** Writes what an image is called, at the moment that it exists: it is known whatever happens next. */
export async function handOn(
  inputs: Pick<Inputs, 'name' | 'push' | 'metadata'>,
  digest: Digest | undefined,
  { output, env, secrets, log }: Runner,
): Promise<void> {
  const { metadata } = inputs;
  output('tags', metadata.tags.map(formatReference).join('\n'));
  if (metadata.version !== undefined) output('version', metadata.version);
  output(
    'labels',
    Object.entries(metadata.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  );
  output('json', metadata.json);
  if (digest !== undefined) output('digest', digest);
  const reference = referenceOf(inputs, digest);
  if (reference === undefined) return;
  const { registry, repository } = reference;
  output('reference', formatReference(reference));
  output('reference-without-host', `${repository}@${reference.digest}`);
  // Where later steps of the job find what was made, such as an attestation of it.
  const { GITHUB_ARTIFACTS: file } = env;
  if (file) await appendFile(file, `oci://${formatReference(reference)}\n`);
  // The runner drops an output that holds a masked value, and says so only in its own log.
  if ([...secrets].some((secret) => registry.includes(secret))) {
    log.warning(
      'The registry is a secret here, so that the runner keeps `reference` from other jobs. Keep its name as a variable (`vars.`), or hand on `reference-without-host`.',
    );
  }
}
