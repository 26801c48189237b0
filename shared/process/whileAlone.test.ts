import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { whileAlone } from './whileAlone.ts';

it('lets everybody work at once, and tells one of them that it is alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'));
  try {
    const told: boolean[] = [];
    await whileAlone(folder, async (first) => {
      told.push(first);
      await whileAlone(folder, async (second) => void told.push(second));
    });
    await expect(
      whileAlone(folder, async () => {
        throw new Error('failed');
      }),
    ).rejects.toThrow('failed');
    await whileAlone(folder, async (after) => void told.push(after));
    expect(told).toEqual([true, false, true]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
