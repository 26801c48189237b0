import { Buffer } from 'node:buffer';
import { Failure } from '../failure/Failure.ts';
import type { Content } from './Content.ts';
import { Passing } from './Passing.ts';
import { type Patience, patiently } from './patiently.ts';
import { digestOf } from './putManifest.ts';
import type { Descriptor } from './readManifest.ts';

/** A configuration is some kilobytes; what is larger is not read into memory. */
const largest = 8 * 1024 * 1024;

/**
 * Fetches a small blob, such as an image's configuration, and checks that it is what its digest names.
 *
 * @throws {Failure} when it is too large, is not there, or the patience is over
 */
export async function fetchBlob(
  content: Content,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  patience: Patience,
): Promise<Buffer> {
  if (size > largest) {
    throw new Failure({
      what: `${digest} has ${size} bytes, which is no configuration of an image.`,
      remedy: 'Push the image again.',
    });
  }
  return patiently(
    `Fetching ${digest}`,
    async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of await content.openBlob(digest, 0)) chunks.push(Buffer.from(chunk));
      const bytes = Buffer.concat(chunks);
      if (!digest.startsWith('sha256:') || digestOf(bytes) === digest) return bytes;
      throw new Passing(
        {
          what: `The registry sent another content than ${digest}.`,
          remedy: 'A proxy between here and there changes answers; go round it.',
        },
        { atMost: 3 },
      );
    },
    patience,
  );
}
