import { describe, expect, it } from '@jest/globals';
import { mergeIndexes, platformOf } from './mergeIndexes.ts';
import { type Digest, parseDigest } from './Reference.ts';
import type { Descriptor } from './readManifest.ts';

const d = (letter: string): Digest => parseDigest(`sha256:${letter.padEnd(64, '0')}`);
const oci = 'application/vnd.oci.image.manifest.v1+json';
const docker = 'application/vnd.docker.distribution.manifest.v2+json';

function image(letter: string, platform: string, mediaType = oci): Descriptor {
  const [os = '', architecture = '', variant] = platform.split('/');
  return {
    ...{ mediaType, digest: d(letter), size: 1 },
    platform: { os, architecture, ...(variant && { variant }) },
  };
}

function attestation(letter: string, of: string): Descriptor {
  return {
    ...image(letter, 'unknown/unknown'),
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': d(of),
    },
  };
}

const merge = (...parts: Descriptor[][]) =>
  mergeIndexes(parts.map((manifests, index) => ({ name: `part ${index + 1}`, manifests })));
const digestsOf = ({ bytes }: { bytes: Buffer }) =>
  (JSON.parse(bytes.toString()) as { manifests: Descriptor[] }).manifests.map(({ digest }) =>
    digest.charAt(7),
  );

describe('mergeIndexes', () => {
  it.each<[string, Descriptor[][], string, string[]]>([
    [
      'images by platform',
      [[image('a', 'linux/arm64')], [image('b', 'linux/amd64')]],
      'ba',
      ['linux/amd64', 'linux/arm64'],
    ],
    [
      'attestations after them, in their order',
      [
        [image('a', 'linux/arm64'), attestation('c', 'a')],
        [attestation('e', 'b'), image('b', 'linux/amd64')],
      ],
      'baec',
      ['linux/amd64', 'linux/arm64'],
    ],
    [
      'the same image once',
      [[image('a', 'linux/amd64')], [image('a', 'linux/amd64')]],
      'a',
      ['linux/amd64'],
    ],
    [
      'variants apart',
      [[image('a', 'linux/arm/v7')], [image('b', 'linux/arm/v6')]],
      'ba',
      ['linux/arm/v6', 'linux/arm/v7'],
    ],
  ])('%s', (_name, parts, order, platforms) => {
    for (const some of [parts, parts.toReversed()]) {
      const merged = merge(...some);
      expect(digestsOf(merged).join('')).toBe(order);
      expect(merged.platforms).toEqual(platforms);
    }
  });

  it.each<[string, Descriptor[][], RegExp]>([
    [
      'two images of one platform',
      [[image('a', 'linux/amd64')], [image('b', 'linux/amd64')]],
      /part 1 and part 2 both are of linux\/amd64/,
    ],
    [
      'one platform by two names',
      [[image('a', 'linux/arm64')], [image('b', 'linux/arm64/v8')]],
      /both are of linux\/arm64/,
    ],
    ['no image', [[attestation('a', 'b')]], /no image/],
  ])('refuses %s', (_name, parts, message) => {
    expect(() => merge(...parts)).toThrow(message);
  });

  it("is a Docker list only when everything is Docker's", () => {
    const types = [docker, oci].map(
      (type) =>
        merge([image('a', 'linux/amd64', docker)], [image('b', 'linux/arm64', type)]).mediaType,
    );
    expect(types).toEqual([
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.oci.image.index.v1+json',
    ]);
  });
});

it.each([
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm', 'linux/arm/v7'],
  ['windows/amd64', 'windows/amd64'],
])('%s is %s', (platform, expected) => {
  expect(platformOf(image('a', platform))).toBe(expected);
});
