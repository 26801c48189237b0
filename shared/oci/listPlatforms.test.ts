import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { listPlatforms } from './listPlatforms.ts';
import { parseDigest, parseReference, pin } from './Reference.ts';

const image = pin(parseReference('acme.azurecr.io/web'), parseDigest(`sha256:${'0'.repeat(64)}`));
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('the platforms of an index', () => {
  it.each([
    [
      'several, attestations left out',
      ociIndex,
      [
        { platform: { os: 'linux', architecture: 'amd64' } },
        { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
        { platform: { os: 'unknown', architecture: 'unknown' } },
        {
          platform: { os: 'linux', architecture: 'amd64' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
      ],
      ['linux/amd64', 'linux/arm/v7'],
    ],
    ['none', ociIndex, [], []],
    [
      "Docker's manifest list",
      'application/vnd.docker.distribution.manifest.list.v2+json',
      [{ platform: { os: 'windows', architecture: 'amd64' } }],
      ['windows/amd64'],
    ],
    ['one image', 'application/vnd.oci.image.manifest.v1+json', [], undefined],
  ])('%s', (_, mediaType, manifests, expected) => {
    expect(listPlatforms(image, { mediaType, bytes: bytes({ manifests }) })).toEqual(expected);
  });

  it('says so when the index is not JSON', () => {
    expect(() =>
      listPlatforms(image, { mediaType: ociIndex, bytes: Buffer.from('<html>') }),
    ).toThrow('is an index that is not JSON');
  });
});
