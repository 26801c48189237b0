import { Readable } from 'node:stream';
import type { Patience } from './patiently.ts';
import { digestOf } from './putManifest.ts';
import type { Digest, Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { uploadBlob } from './uploadBlob.ts';

export interface BlobDescriptor {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Pushes a small blob in one piece (distribution specification, "POST then PUT"), unless the
 * repository has it.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function putBlob(
  client: Pick<RegistryClient, 'send' | 'transfer' | 'isSignedIn'>,
  reference: Reference,
  bytes: Uint8Array,
  patience: Patience,
): Promise<BlobDescriptor> {
  const digest = digestOf(bytes);
  const open = async (offset: number) => Readable.from([bytes.subarray(offset)]);
  await uploadBlob(client, reference, { digest, size: bytes.length, open }, { patience });
  return { digest, size: bytes.length };
}
