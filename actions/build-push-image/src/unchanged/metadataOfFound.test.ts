import { describe, expect, it } from '@jest/globals';
import { type Digest, parseReference } from '../../../../shared/oci/Reference.ts';
import type { Metadata } from '../metadata/makeMetadata.ts';
import type { ImageFacts } from '../progress/imageFacts.ts';
import { metadataOfFound } from './metadataOfFound.ts';

const oci = (name: string) => `org.opencontainers.image.${name}`;
const metadata: Metadata = {
  version: 'main',
  images: [parseReference('r.io/web')],
  tags: [parseReference('r.io/web:main')],
  tagNames: ['main'],
  labels: { [oci('created')]: 'now', [oci('revision')]: 'this commit', [oci('title')]: 'web' },
  annotations: [
    `manifest:${oci('revision')}=this commit`,
    `index,manifest[linux/arm64]:${oci('revision')}=this commit`,
    'manifest:a=b:c=d',
  ],
  json: '{}',
  warnings: [],
};
const digest = `sha256:${'a'.repeat(64)}` as Digest;
const facts = (labels: object, annotations: object): ImageFacts => ({
  digest,
  platforms: [
    {
      ...{ platform: 'linux/amd64', bytes: 1, layers: [1], createdAt: undefined },
      labels: labels as Record<string, string>,
      annotations: annotations as Record<string, string>,
    },
  ],
  attestations: [],
  annotations: {},
});

describe('metadataOfFound', () => {
  it.each<[string, ImageFacts | undefined, object, readonly string[]]>([
    [
      'tells what the image tells',
      facts(
        {
          [oci('created')]: 'then',
          [oci('revision')]: 'its commit',
          [oci('title')]: 'of its base',
        },
        { [oci('revision')]: 'its commit' },
      ),
      { [oci('created')]: 'then', [oci('revision')]: 'its commit', [oci('title')]: 'web' },
      [
        `manifest:${oci('revision')}=its commit`,
        `index,manifest[linux/arm64]:${oci('revision')}=its commit`,
        'manifest:a=b:c=d',
      ],
    ],
    [
      'leaves out what the image does not tell',
      facts({}, {}),
      { [oci('title')]: 'web' },
      ['manifest:a=b:c=d'],
    ],
    [
      'leaves out what is not known yet',
      undefined,
      { [oci('title')]: 'web' },
      ['manifest:a=b:c=d'],
    ],
  ])('%s', (_name, known, labels, annotations) => {
    const found = metadataOfFound(metadata, known);
    expect(found).toMatchObject({ version: 'main', tags: metadata.tags });
    expect(found.labels).toEqual(labels);
    expect(found.annotations).toEqual(annotations);
    expect(JSON.parse(found.json)).toEqual({
      ...{ tags: ['r.io/web:main'], 'tag-names': ['main'], labels, annotations },
    });
  });
});
