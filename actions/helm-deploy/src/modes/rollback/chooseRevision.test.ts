import { describe, expect, it } from '@jest/globals';
import { recordOf } from '../../../../../shared/helm/readRelease.ts';
import { KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import { chooseRevision } from './chooseRevision.ts';

/** `1 superseded a`: number, status, and what stands in its manifest. */
const historyOf = (...lines: string[]) =>
  lines.map((line) => {
    const [revision, status = '', manifest = ''] = line.split(' ');
    return { revision: Number(revision), status, updated: '', manifest };
  });

const release = { release: 'web', namespace: 'apps' };
const choose = (lines: string[], revision?: number) => {
  const history = historyOf(...lines);
  return chooseRevision(history, { ...release, revision }, async (number) => {
    const found = history.find((one) => one.revision === number);
    return recordOf({ manifest: found?.manifest ?? '' });
  });
};

describe('which revision is gone back to', () => {
  it.each<[string, string[], number | undefined, number]>([
    ['the one before', ['1 superseded a', '2 superseded b', '3 deployed c'], undefined, 2],
    ['the one that was asked for', ['1 superseded a', '2 deployed b'], 1, 1],
    ['a failed one is passed over', ['1 superseded a', '2 failed b', '3 deployed c'], undefined, 1],
    ['what runs, after a failure', ['1 superseded a', '2 deployed b', '3 failed c'], undefined, 2],
    [
      'another content, after a rollback',
      ['1 superseded a', '2 superseded b', '3 failed c', '4 deployed b'],
      undefined,
      1,
    ],
  ])('%s', async (_name, lines, revision, expected) => {
    expect(await choose(lines, revision)).toBe(expected);
  });

  it.each<[string, string[], number | undefined, string]>([
    ['no release', [], undefined, 'There is no release web in namespace apps'],
    ['not that one', ['4 deployed a'], 3, 'release web has no revision 3. Helm keeps 4.'],
    ['only one', ['1 deployed a'], undefined, 'Its revisions are 1 (deployed).'],
    ['all the same', ['1 superseded a', '2 deployed a'], undefined, 'no good revision'],
  ])('fails: %s', async (_name, lines, revision, expected) => {
    await expect(choose(lines, revision)).rejects.toThrow(expected);
  });

  it('goes by the history where the records cannot be read', async () => {
    const history = historyOf('1 superseded a', '2 deployed a');
    const denied = async () => {
      throw new KubeProblem(403, 'no');
    };
    expect(await chooseRevision(history, { ...release, revision: undefined }, denied)).toBe(1);
  });
});
