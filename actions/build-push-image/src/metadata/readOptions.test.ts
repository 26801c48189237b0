import { describe, expect, it } from '@jest/globals';
import { readOptions } from './readOptions.ts';

describe('readOptions', () => {
  it.each<[Record<string, string>, object]>([
    [{}, { shortShaLength: 7, annotationLevels: ['manifest'] }],
    [{ DOCKER_METADATA_SHORT_SHA_LENGTH: '12' }, { shortShaLength: 12 }],
    [
      { DOCKER_METADATA_ANNOTATIONS_LEVELS: 'manifest, index' },
      { annotationLevels: ['manifest', 'index'] },
    ],
  ])('%j', (env, expected) => {
    expect(readOptions(env)).toMatchObject(expected);
  });

  it.each<[Record<string, string>, string]>([
    [{ DOCKER_METADATA_SHORT_SHA_LENGTH: '0' }, 'SHORT_SHA_LENGTH is "0"'],
    [{ DOCKER_METADATA_SHORT_SHA_LENGTH: 'ten' }, 'SHORT_SHA_LENGTH is "ten"'],
    [{ DOCKER_METADATA_ANNOTATIONS_LEVELS: 'manifst' }, 'Did you mean manifest?'],
  ])('refuses %j', (env, why) => {
    expect(() => readOptions(env)).toThrow(why);
  });
});
