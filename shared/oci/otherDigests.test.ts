import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { otherDigests } from './otherDigests.ts';
import { parseDigest, parseReference, pin, type Reference } from './Reference.ts';

const digest = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);
const part = (letter: string, more: object = {}) => ({
  mediaType: 'm',
  size: 1,
  digest: digest(letter),
  ...more,
});
const contents: Readonly<Record<string, object>> = {
  a: { config: part('b'), layers: [] },
  c: {
    manifests: [
      part('a'),
      part('d'),
      part('e', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
    ],
  },
  d: { config: part('f') },
};

describe('the other digests of', () => {
  it.each([
    ['an image', 'a', 'b'],
    ['an index, without its attestations', 'c', 'abdf'],
  ])('%s', async (_, asked, known) => {
    const registry = {
      manifest: async (reference: Reference) => {
        const content = contents[reference.digest?.at(-1) ?? ''];
        return { digest: digest('0'), mediaType: '', bytes: Buffer.from(JSON.stringify(content)) };
      },
    };
    const image = pin(parseReference('acme.azurecr.io/web'), digest(asked));
    const found = await otherDigests(image, registry);
    expect(found.toSorted()).toEqual([...known].map(digest));
  });
});
