import { describe, expect, it } from '@jest/globals';
import { usedImages } from './usedImages.ts';

const hex = 'a'.repeat(64);
const material = {
  uri: 'pkg:docker/r.io/base@1.36?platform=linux%2Famd64',
  digest: { sha256: hex },
};
const used = { name: 'r.io/base@1.36', digest: `sha256:${hex}` };

describe('usedImages', () => {
  it.each<[string, unknown, unknown[]]>([
    ['one platform', { 'buildx.build.provenance': { materials: [material] } }, [used]],
    [
      'two platforms',
      {
        'buildx.build.provenance/linux/amd64': { materials: [material] },
        'buildx.build.provenance/linux/arm64': { materials: [material] },
      },
      [used, used],
    ],
    [
      'the newer form of provenance',
      { 'buildx.build.provenance': { buildDefinition: { resolvedDependencies: [material] } } },
      [used],
    ],
    [
      'the scanner of the SBOM, and an address',
      {
        materials: [
          { ...material, uri: 'pkg:docker/docker/buildkit-syft-scanner@stable-1' },
          { uri: 'https://x.test/y', digest: { sha256: hex } },
        ],
      },
      [],
    ],
    ['no provenance', { 'containerimage.digest': `sha256:${hex}` }, []],
  ])('%s', (_name, metadata, expected) => {
    expect(usedImages(JSON.stringify(metadata))).toEqual(expected);
  });
});
