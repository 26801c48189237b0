import { describe, expect, it } from '@jest/globals';
import { silent } from '../../log/Log.ts';
import type { Arm } from './armClient.ts';
import { findRun, sortCandidates } from './findRun.ts';
import type { TaskRun } from './TaskRun.ts';

const since = new Date('2026-01-01T12:00:00Z');
const run = (runId: string, more: Partial<TaskRun> = {}): TaskRun => ({
  ...{ runId, status: 'Running', runType: 'QuickBuild', createTime: '2026-01-01T12:00:01Z' },
  ...more,
});
const made = (tag: string): Partial<TaskRun> => ({
  status: 'Succeeded',
  outputImages: [{ repository: 'web', tag, digest: 'x' }],
});
const ids = (runs: readonly TaskRun[]) => runs.map(({ runId }) => runId).join();

describe('sortCandidates', () => {
  it.each<[string, TaskRun[], string | undefined, string, string, string]>([
    ['none', [], 'web:k', '', '', ''],
    ['one before', [run('a', { createTime: '2026-01-01T11:59:59Z' })], 'web:k', '', '', ''],
    ['one without a time', [run('a', { createTime: undefined })], 'web:k', '', '', ''],
    ['one of a task', [run('a', { runType: 'AutoBuild' })], 'web:k', '', '', ''],
    ['one that goes on', [run('a')], 'web:k', '', 'a', ''],
    ['one that made it', [run('a', made('k'))], 'web:k', 'a', '', ''],
    ['one that made another', [run('a', made('j'))], 'web:k', '', '', ''],
    ['one that failed', [run('a', { status: 'Failed' })], 'web:k', '', '', 'a'],
    ['several', [run('a'), run('b', made('j')), run('c', made('k'))], 'web:k', 'c', 'a', ''],
    ['any, without a key', [run('a'), run('b', made('k'))], undefined, '', '', 'a,b'],
  ])('%s', (_, runs, keyName, ours, going, silentOnes) => {
    const found = sortCandidates(runs, { keyName, since });
    expect({
      ours: found.ours?.runId ?? '',
      going: ids(found.going),
      silent: ids(found.silent),
    }).toEqual({ ours, going, silent: silentOnes });
  });
});

describe('findRun', () => {
  /** What ARM lists, look by look. */
  const find = (...looks: TaskRun[][]) => {
    let count = 0;
    const arm = {
      registry: { name: 'acme' },
      ask: async () => ({
        value: (looks[Math.min(count++, looks.length - 1)] ?? []).map((properties) => ({
          properties,
        })),
      }),
    } as unknown as Arm;
    return findRun({ keyName: 'web:k', since }, { arm, log: silent, sleep: async () => {} }).then(
      (found) => found?.runId,
      (error: Error) => error.message,
    );
  };

  it.each<[string, TaskRun[][], string | undefined]>([
    ['finds none where there is none', [[], []], undefined],
    ['finds one that is listed late', [[], [run('a', made('k'))]], 'a'],
    ['waits for one that goes on', [[run('a')], [run('a')], [run('a', made('k'))]], 'a'],
    ['passes over one that was of another', [[run('a')], [run('a', made('j'))]], undefined],
  ])('%s', async (_, looks, expected) => {
    expect(await find(...looks)).toBe(expected);
  });

  it('does not guess', async () => {
    expect(await find([run('a')], [run('a', { status: 'Failed' })])).toMatch(
      /not known\. Run a \(Failed\) may be it; .*--registry acme --run-id a/,
    );
  });
});
