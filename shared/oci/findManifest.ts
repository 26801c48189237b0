import { explainDenial } from './explainDenial.ts';
import { isPassingAnswer, passingAnswer } from './Passing.ts';
import { type Digest, formatReference, parseDigest, type Reference } from './Reference.ts';
import { manifestTypes, type RegistryClient } from './RegistryClient.ts';

/**
 * What the registry has under a tag or digest, by a request that fetches nothing.
 *
 * @returns its digest, `undefined` when there is nothing
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function findManifest(
  client: Pick<RegistryClient, 'ask' | 'isSignedIn' | 'manifest'>,
  reference: Reference,
): Promise<Digest | undefined> {
  const response = await client.ask(reference, {
    method: 'HEAD',
    path: `manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
    headers: { accept: manifestTypes.join(', ') },
    repeatable: false,
  });
  if (response.status === 404) return undefined;
  if (response.status === 200) {
    const digest = response.headers['docker-content-digest'];
    // Not every registry tells it.
    return typeof digest === 'string'
      ? parseDigest(digest)
      : (await client.manifest(reference)).digest;
  }
  if (isPassingAnswer(response)) {
    throw passingAnswer(`The question for ${formatReference(reference)}`, response);
  }
  throw explainDenial(reference, response, client.isSignedIn(reference));
}
