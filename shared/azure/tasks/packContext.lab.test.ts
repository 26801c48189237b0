import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packContext } from './packContext.ts';

const megabyte = 1_000_000;

describe('packing a context', () => {
  it('holds little in memory, however large it is', async () => {
    const [context, tempDir] = ['large-', 'step-'].map((name) =>
      mkdtempSync(join(tmpdir(), name)),
    ) as [string, string];
    try {
      writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n');
      for (const name of ['a', 'b', 'c']) {
        writeFileSync(join(context, name), '');
        truncateSync(join(context, name), 100 * megabyte);
      }
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      const dockerfile = join(context, 'Dockerfile');
      const { stream, files } = await packContext(context, dockerfile, { tempDir });
      for await (const _ of stream) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
      expect(files).toBe(4);
      // Garbage is counted as well: this only tells that nothing is held whole.
      expect(most).toBeLessThan(100 * megabyte);
    } finally {
      for (const folder of [context, tempDir]) rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
