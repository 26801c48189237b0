import { createHash } from 'node:crypto';
import { explainDenial } from './explainDenial.ts';
import { type Digest, parseDigest, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

export interface BlobDescriptor {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Pushes a small blob in one piece (distribution specification, "POST then PUT"), unless the
 * repository has it.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function putBlob(
  registry: Pick<RegistryClient, 'send'>,
  reference: Reference,
  bytes: Uint8Array,
): Promise<BlobDescriptor> {
  const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  const pushed = { digest, size: bytes.length };
  const access = 'pull,push';
  const known = await registry.send(reference, { method: 'HEAD', path: `blobs/${digest}`, access });
  if (known.status === 200) return pushed;
  // An upload that is begun twice leaves one that the registry clears away by itself.
  const begun = await registry.send(reference, {
    method: 'POST',
    path: 'blobs/uploads/',
    headers: { 'content-length': '0' },
    repeatable: true,
    access,
  });
  const { location } = begun.headers;
  if (begun.status !== 202 || typeof location !== 'string') {
    throw explainDenial(reference, begun, true, access);
  }
  const done = await registry.send(reference, {
    method: 'PUT',
    path: `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`,
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    access,
  });
  if (done.status !== 201) throw explainDenial(reference, done, true, access);
  return pushed;
}
