import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dyingWithUs } from './dyingWithUs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'path-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const command = { program: '/opt/buildx', args: ['build', '.'] };

describe('dyingWithUs', () => {
  it('starts the program by setpriv', async () => {
    const setpriv = join(folder, 'setpriv');
    writeFileSync(setpriv, '', { mode: 0o755 });
    expect(await dyingWithUs(command, folder)).toEqual({
      program: setpriv,
      args: ['--pdeathsig', 'KILL', '/opt/buildx', 'build', '.'],
    });
  });

  it('leaves the command where there is none', async () => {
    expect(await dyingWithUs(command, folder)).toEqual(command);
  });

  it('leaves the command where it is a part of BusyBox', async () => {
    writeFileSync(join(folder, 'busybox'), '', { mode: 0o755 });
    symlinkSync(join(folder, 'busybox'), join(folder, 'setpriv'));
    expect(await dyingWithUs(command, folder)).toEqual(command);
  });
});
