import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sideBySide } from './sideBySide.ts';

describe('sideBySide', () => {
  it.each([
    [0, 4],
    [3, 4],
    [20, 4],
    [5, 1],
  ])('%d items, %d at most, in order', async (count, atMost) => {
    let running = 0;
    let most = 0;
    const items = Array.from({ length: count }, (_, index) => index);
    const results = await sideBySide(items, atMost, async (item) => {
      most = Math.max(most, ++running);
      for (let left = item % 3; left >= 0; left--) await turn();
      running--;
      return item * 2;
    });
    expect(results).toEqual(items.map((item) => item * 2));
    expect(most).toBe(Math.min(count, atMost));
  });

  it('begins nothing new after a failure, and ends when nothing runs', async () => {
    const ended: number[] = [];
    const work = sideBySide([0, 1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw new Error('first');
      for (let left = 5; left >= 0; left--) await turn();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([0]);
  });
});
