import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from 'tar';
import { silent } from '../log/Log.ts';
import { run } from '../process/run.ts';
import type { LockedTool, ToolLock } from './lock.ts';
import { provideTool } from './provideTool.ts';

const script = (version: string) => `#!/bin/sh\necho "tool version v${version}"\n`;
const machine = `${process.platform}-${process.arch}`;
const base: LockedTool = {
  version: '1.2.3',
  versionArgs: ['version'],
  versionPattern: 'v(\\d+\\.\\d+\\.\\d+)',
  archives: {},
};

let folder: string;
let server: ReturnType<typeof createServer>;
let url: string;
let served: Buffer;
let requests: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
  mkdirSync(join(folder, 'release/bin'), { recursive: true });
  writeFileSync(join(folder, 'release/bin/tool'), script('1.2.3'));
  await create({ file: join(folder, 'a.tgz'), gzip: true, cwd: join(folder, 'release') }, ['bin']);
  served = readFileSync(join(folder, 'a.tgz'));
  requests = 0;
  server = createServer((_, response) => {
    requests++;
    response.end(served);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tgz`;
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function provide(tool: Partial<LockedTool>, env: Record<string, string> = {}) {
  const lock: ToolLock = { folder, tools: { tool: { ...base, ...tool } } };
  return provideTool('tool', {
    env: { PATH: '/usr/bin:/bin', XDG_CACHE_HOME: join(folder, 'cache'), ...env },
    log: silent,
    lock,
  });
}

const released = () => ({
  archives: { [machine]: { url, sha256: sum(served), path: 'bin/tool' } },
});

function onPath(version: string): { PATH: string } {
  const path = join(folder, 'path');
  mkdirSync(path);
  writeFileSync(join(path, 'tool'), script(version));
  chmodSync(join(path, 'tool'), 0o755);
  return { PATH: `${path}:/usr/bin:/bin` };
}

describe('provideTool', () => {
  it('takes the one on the PATH when it has the pinned version', async () => {
    expect(await provide(released(), onPath('1.2.3'))).toMatchObject({ source: 'path' });
    expect(requests).toBe(0);
  });

  it('passes by one of another version', async () => {
    expect(await provide(released(), onPath('1.2.4'))).toMatchObject({ source: 'download' });
  });

  it('takes a release that is the bare program', async () => {
    served = Buffer.from(script('1.2.3'));
    const archives = { [machine]: { url, sha256: sum(served) } };
    const { path, source } = await provide({ archives });
    expect(source).toBe('download');
    const { stdout } = await run({ program: path, args: [], env: { PATH: '/bin' } });
    expect(stdout).toBe('tool version v1.2.3\n');
  });

  it('downloads, checks the sum, and finds it in the cache the next time', async () => {
    const first = await provide(released());
    expect(first.source).toBe('download');
    const { stdout } = await run({ program: first.path, args: ['version'], env: { PATH: '/bin' } });
    expect(stdout).toBe('tool version v1.2.3\n');
    expect(await provide(released())).toEqual({ ...first, source: 'cache' });
    expect(requests).toBe(1);
  });

  it('brings the folder that the program needs, and not that of a program on the PATH', async () => {
    mkdirSync(join(folder, 'release/cfg/cis'), { recursive: true });
    writeFileSync(join(folder, 'release/cfg/cis/node.yaml'), 'checks');
    const options = { file: join(folder, 'b.tgz'), gzip: true, cwd: join(folder, 'release') };
    await create(options, ['bin', 'cfg']);
    served = readFileSync(join(folder, 'b.tgz'));
    const tool = { ...released(), data: 'cfg' };
    const { source, data = '' } = await provide(tool, onPath('1.2.3'));
    expect(source).toBe('download');
    expect(readFileSync(join(data, 'cis/node.yaml'), 'utf8')).toBe('checks');
    expect(await provide(tool)).toMatchObject({ source: 'cache', data });
  });

  it('lets callers at the same time take turns: one download', async () => {
    const sources = await Promise.all([
      provide(released()),
      provide(released()),
      provide(released()),
    ]);
    expect(sources.map(({ source }) => source).sort()).toEqual(['cache', 'cache', 'download']);
    expect(requests).toBe(1);
  });

  it('refuses an archive that was swapped, names both sums and keeps nothing', async () => {
    const tool = released();
    const known = sum(served);
    served = Buffer.concat([served, Buffer.from('x')]);
    const refused = await provide(tool).catch((error: unknown) => error);
    expect(String(refused)).toContain(sum(served));
    expect(String(refused)).toContain(known);
    const kept = readdirSync(join(folder, 'cache'), { recursive: true, withFileTypes: true });
    expect(kept.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('does not fall back to a build when a sum differs', async () => {
    const tool = { ...released(), go: { module: 'm', package: 'x', minutes: 1 } };
    served = Buffer.from('something else');
    await expect(provide(tool)).rejects.toThrow(/is not the file we know; it was not run/);
  });

  it('says all the ways that did not lead to it', async () => {
    const archives = { [machine]: { url: 'http://127.0.0.1:9/a', sha256: 'x', path: 'tool' } };
    await expect(
      provide({ archives, go: { module: 'm', package: 'x', minutes: 1 } }),
    ).rejects.toThrow(
      'tool 1.2.3 cannot be had on this machine. The download from 127.0.0.1:9 failed: nothing listens there (connection refused). There is no Go on the PATH to build it. Install tool 1.2.3 on the PATH, or Go so that it can be built.',
    );
    await expect(provide({})).rejects.toThrow(
      `No sum of a released archive for ${machine} is known.`,
    );
  });
});
