import { describe, expect, it } from '@jest/globals';
import { recordOf } from '../../../shared/helm/readRelease.ts';
import { findRollback, isSame } from './respectRollback.ts';

/** `2 superseded Upgrade complete`: number, status and description. */
const find = async (...lines: string[]) => {
  const revisions = lines.map((line) => {
    const [number, status = '', ...words] = line.split(' ');
    return { revision: Number(number), status, updated: '', description: words.join(' ') };
  });
  const found = await findRollback(revisions, async (revision) => {
    const { description = '' } = revisions.find((one) => one.revision === revision) ?? {};
    return recordOf({ info: { description } });
  });
  return found?.left.map(({ revision }) => revision);
};

const up = 'Upgrade complete';

describe('what people went back from', () => {
  it.each<[string, string[], number[] | undefined]>([
    ['a good one', [`1 superseded ${up}`, `2 superseded ${up}`, '3 deployed Rollback to 1'], [2]],
    [
      'a good one, in two steps',
      [
        `2 superseded ${up}`,
        `3 superseded ${up}`,
        '4 superseded Rollback to 2',
        '5 deployed Rollback to 1',
      ],
      [4, 3],
    ],
    ['a failed one: that was undone', [`2 failed ${up}`, '3 deployed Rollback to 1'], undefined],
    [
      'nothing: an upgrade came after',
      ['3 superseded Rollback to 1', `4 deployed ${up}`],
      undefined,
    ],
    ['nothing: it is the first', [`1 deployed ${up}`], undefined],
    ['nothing: the rollback failed', [`2 superseded ${up}`, '3 failed Rollback to 1'], undefined],
  ])('%s', async (_name, lines, expected) => {
    expect(await find(...lines)).toEqual(expected);
  });
});

const pod = (image: string, name = 'a') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: "${image}"}]}\n`;

describe('whether a deploy brings the same again', () => {
  it.each<[string, string, string, string, boolean]>([
    ['the same images', pod('w@2'), pod('w@1'), pod('w@2'), true],
    ['the same images, other fields', pod('w@2'), pod('w@1'), pod('w@2', 'b'), true],
    ['a newer image', pod('w@2'), pod('w@1'), pod('w@3'), false],
    ['the same objects, where the images are one', pod('w', 'b'), pod('w'), pod('w', 'b'), true],
    ['other objects, where the images are one', pod('w', 'b'), pod('w'), pod('w', 'c'), false],
    ['what runs', pod('w@2'), pod('w@1'), pod('w@1'), false],
  ])('%s', (_name, left, now, wanted, expected) => {
    expect(isSame({ manifest: left }, { manifest: now }, wanted)).toBe(expected);
  });
});
