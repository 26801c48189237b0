import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { digestOf, workspace } from './workspace.ts';

/** A disk of this size, on which nothing else is. */
function smallDisk(size: string) {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'small', folder]);
  return {
    folder,
    [Symbol.dispose]() {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

const from = `FROM ${addresses.registry}/library/busybox:1.36\n`;

describe('a disk that is full', () => {
  it.concurrent.each<[string, Record<string, string>, RegExp]>([
    [
      'in a RUN step',
      { Dockerfile: `${from}RUN dd if=/dev/zero of=/big bs=1M count=60\n` },
      /^The build stopped at `RUN dd .*`, since the disk is full\. .*`free-disk: true`/,
    ],
    [
      'where the builder keeps what it makes',
      { Dockerfile: `${from}COPY big /\n`, big: '0'.repeat(60_000_000) },
      /^The build stopped because the disk is full\. .*`free-disk: true`/,
    ],
  ])(
    '%s is said as such, with what fills it and what helps',
    async (_name, files, said) => {
      using disk = smallDisk('40m');
      using space = workspace(files);
      const step = await space.build({
        inputs: { builder: `start?root=${disk.folder}`, tags: '1', cache: 'off' },
      });
      expect(step.exitCode).toBe(1);
      expect(step.annotations).toMatchObject([
        { level: 'error', message: expect.stringMatching(said) },
      ]);
      expect(step.log).toMatch(/The largest folders of this machine:\n\s+\d+\.\d GB {2}\//);
      expect(step.outputs).toEqual({});
      expect(await digestOf(space.image, '1')).toBeUndefined();
    },
    60_000,
  );
});
