import { Failure } from '../failure/Failure.ts';
import { fetchBlob } from '../oci/fetchBlob.ts';
import type { Manifest } from '../oci/Manifest.ts';
import { isPassing } from '../oci/Passing.ts';
import { type Patience, patiently } from '../oci/patiently.ts';
import { formatReference, type PinnedReference, pin } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { type Descriptor, readManifest } from '../oci/readManifest.ts';
import { registryContent } from '../oci/registryContent.ts';
import { bundleType } from './attachStatement.ts';

/** Of ours the largest are some megabytes. */
const largest = 8 * 1024 * 1024;

/**
 * Fetches a signed statement, unchecked.
 *
 * @returns its JSON; `undefined` for what is none, is gone, or is too large: whoever may push can attach
 *   such things, and they must not hide what others attached
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function fetchStatement(
  client: RegistryClient,
  subject: PinnedReference,
  { digest }: Pick<Descriptor, 'digest'>,
  patience: Patience,
): Promise<unknown> {
  const reference = pin(subject, digest);
  const manifest = await patiently(
    `Fetching ${formatReference(reference)}`,
    () => client.findManifest(reference),
    patience,
  );
  const layer = manifest && bundleOf(manifest, formatReference(reference));
  if (layer === undefined || layer.size > largest) return undefined;
  const content = registryContent(client, subject, patience);
  try {
    return JSON.parse((await fetchBlob(content, layer, patience)).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function bundleOf({ bytes }: Manifest, name: string): Descriptor | undefined {
  try {
    const [layer] = readManifest(bytes, name).layers ?? [];
    return layer?.mediaType === bundleType ? layer : undefined;
  } catch (error) {
    if (error instanceof Failure && !isPassing(error)) return undefined;
    throw error;
  }
}
