import { Failure } from '../../../../shared/failure/Failure.ts';
import {
  formatReference,
  type PinnedReference,
  parseReference,
  pin,
  type Reference,
} from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { Undecided } from './Undecided.ts';

/** A registry that only the builder reaches costs the build no more time than this. */
const deadlineMs = 10_000;

/**
 * What each image's name means now, side by side. One that has a digest is not asked for.
 *
 * @throws {Undecided} when a registry does not say
 */
export function resolveImages(
  names: readonly string[],
  registry: Pick<RegistryClient, 'digest'>,
): Promise<readonly PinnedReference[]> {
  return Promise.all(
    names.map(async (name) => {
      const reference = read(name);
      const { digest } = reference;
      return pin(reference, digest ?? (await ask(reference, registry)));
    }),
  );
}

function read(name: string): Reference {
  try {
    return parseReference(name);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Undecided(`${JSON.stringify(name)} in the Dockerfile is not an image's name`);
  }
}

async function ask(reference: Reference, registry: Pick<RegistryClient, 'digest'>) {
  try {
    return await registry.digest(reference, { deadlineMs });
  } catch (error) {
    // Whether the image can be had is for the builder to say: it may have another way there.
    if (!(error instanceof Failure)) throw error;
    throw new Undecided(`the digest of ${formatReference(reference)} is not known: ${error.what}`);
  }
}
