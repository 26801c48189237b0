import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { credentialFor } from '../../../shared/oci/credentials.ts';
import {
  formatReference,
  type PinnedReference,
  pin,
  type Reference,
} from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { resolveDigest } from '../../../shared/oci/resolveDigest.ts';
import type { ImageAt, Inputs } from './inputs.ts';

/** An image whose content is known. */
export interface PinnedImageAt extends ImageAt {
  readonly image: PinnedReference;
}

/**
 * Turns tags into digests, once, and shows to what they resolved: a tag that moves while pods start
 * would make them differ.
 *
 * @throws {Failure} when a tag is refused by `require-pinned`, or the registry does not tell
 */
export function resolveImages(
  { images, requirePinned }: Pick<Inputs, 'images' | 'requirePinned'>,
  runner: Runner,
): Promise<readonly PinnedImageAt[]> {
  let client: RegistryClient | undefined;
  const resolve = async (image: Reference): Promise<PinnedReference> => {
    if (image.digest !== undefined) return pin(image, image.digest);
    if (requirePinned) {
      throw new Failure({
        what: `Input images: ${formatReference(image)} is not pinned, and require-pinned is set.`,
        remedy: 'Hand on `reference` of build-push-image (name@sha256:…).',
      });
    }
    client ??= registryClient(runner);
    const pinned = await resolveDigest(image, client);
    runner.log.info(`Image ${formatReference(image)} is ${pinned.digest}`);
    return pinned;
  };
  return Promise.all(
    images.map(async ({ path, image }) => ({ path, image: await resolve(image) })),
  );
}

/** With the logins of earlier steps. */
function registryClient({ env, log, mask, signal }: Runner): RegistryClient {
  return new RegistryClient({
    http: httpClient({ env, log }),
    credentialFor: (registry) => credentialFor(registry, env),
    mask,
    signal,
  });
}
