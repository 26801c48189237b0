import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cancelled } from './Cancelled.ts';
import { takeTurns } from './takeTurns.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turns-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('taking turns', () => {
  it('lets only one work at a time, also after one failed', async () => {
    let working = 0;
    let most = 0;
    const work = async (fails: boolean) => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setTimeout(resolve, 20));
      working--;
      if (fails) throw new Error('it failed');
    };
    const results = await Promise.allSettled(
      [true, false, false].map((fails) => takeTurns(folder, undefined, () => work(fails))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(most).toBe(1);
  });

  it('stops waiting when it is cancelled', async () => {
    const controller = new AbortController();
    await takeTurns(folder, undefined, async () => {
      const waiting = takeTurns(folder, controller.signal, async () => 'worked');
      controller.abort(new Cancelled('SIGINT'));
      await expect(waiting).rejects.toThrow('cancelled');
    });
  });
});
