import { Readable } from 'node:stream';
import type { Patience } from './patiently.ts';
import { digestOf } from './putManifest.ts';
import type { Digest, Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { uploadBlob } from './uploadBlob.ts';

/**
 * Stores a small blob, unless the repository has it.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function putBlob(
  client: Pick<RegistryClient, 'ask' | 'transfer' | 'isSignedIn'>,
  reference: Reference,
  bytes: Uint8Array,
  patience: Patience,
): Promise<Digest> {
  const digest = digestOf(bytes);
  const open = async (offset: number) => Readable.from([bytes.subarray(offset)]);
  await uploadBlob(client, reference, { digest, size: bytes.length, open }, { patience });
  return digest;
}
