import { pipeline, type Readable, Transform } from 'node:stream';
import type { Content } from './Content.ts';
import { explainDenial } from './explainDenial.ts';
import { isPassingAnswer, passingAnswer } from './Passing.ts';
import { type Patience, patiently } from './patiently.ts';
import { type Digest, formatReference, pin, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { readStart } from './readStart.ts';

/** The content of a repository; blobs are streamed, and can be read from any place on. */
export function registryContent(
  client: Pick<RegistryClient, 'manifest' | 'transfer' | 'isSignedIn'>,
  from: Reference,
  patience: Patience,
): Content {
  return {
    repository: { registry: from.registry, repository: from.repository },
    manifest: (digest) =>
      patiently(
        `Fetching ${formatReference(pin(from, digest))}`,
        () => client.manifest(pin(from, digest)),
        patience,
      ),
    // Not patient by itself: whoever reads knows from where to go on.
    openBlob: (digest, offset) => openBlob(client, pin(from, digest), digest, offset),
  };
}

async function openBlob(
  client: Pick<RegistryClient, 'transfer' | 'isSignedIn'>,
  reference: Reference,
  digest: Digest,
  offset: number,
): Promise<Readable> {
  const { status, headers, body } = await client.transfer(reference, {
    method: 'GET',
    path: `blobs/${digest}`,
    headers: offset > 0 ? { range: `bytes=${offset}-` } : {},
  });
  if (status === 206 && offset > 0) return body;
  // Not every registry serves ranges.
  if (status === 200) return offset === 0 ? body : without(body, offset);
  const response = { status, headers, body: await readStart(body) };
  if (isPassingAnswer(response)) {
    throw passingAnswer(`Fetching ${formatReference(reference)}`, response);
  }
  throw explainDenial(reference, response, client.isSignedIn(reference));
}

/** A body without its first bytes. */
function without(body: Readable, bytes: number): Readable {
  let left = bytes;
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const skipped = Math.min(left, chunk.length);
      left -= skipped;
      callback(null, chunk.subarray(skipped));
    },
  });
  // An error of one end destroys the other, so that it is seen there.
  return pipeline(body, rest, () => {});
}
