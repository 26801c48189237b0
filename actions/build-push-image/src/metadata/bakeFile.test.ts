import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { type BakePart, bakeFile } from './bakeFile.ts';
import { exampleEvent } from './exampleEvent.ts';
import { noFlavor } from './Flavor.ts';
import { makeMetadata } from './makeMetadata.ts';
import { readTagRules } from './readTagRules.ts';

const metadata = await makeMetadata({
  images: [parseReference('r.io/app'), parseReference('mirror.io/app')],
  rules: readTagRules(['type=semver,pattern={{version}}']),
  flavor: noFlavor,
  labels: ['a=b'],
  annotations: [],
  event: exampleEvent('refs/tags/v1.2.3'),
  now: new Date('2020-01-10T00:30:00Z'),
  shortShaLength: 7,
  annotationLevels: ['index'],
});
const tags = ['r.io/app:1.2.3', 'r.io/app:latest', 'mirror.io/app:1.2.3', 'mirror.io/app:latest'];
const args = { DOCKER_META_IMAGES: 'r.io/app,mirror.io/app', DOCKER_META_VERSION: '1.2.3' };

describe('bakeFile', () => {
  it.each<[BakePart[], object]>([
    [['tags'], { tags, args }],
    [['labels'], { labels: metadata.labels }],
    [['annotations'], { annotations: metadata.annotations }],
    [
      ['tags', 'labels', 'annotations'],
      { tags, labels: metadata.labels, annotations: metadata.annotations, args },
    ],
  ])('%j', (parts, expected) => {
    expect(JSON.parse(bakeFile(metadata, parts))).toEqual({
      target: { 'docker-metadata-action': expected },
    });
  });

  it('has tags and labels, under another name when it is wanted', () => {
    expect(JSON.parse(bakeFile(metadata, undefined, 'meta'))).toEqual({
      target: { meta: { tags, labels: metadata.labels, args } },
    });
  });
});
