import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from 'tar';
import { silent } from '../log/Log.ts';
import { actionsLock } from './lock.ts';
import { provideTool } from './provideTool.ts';

// What was done to Trivy in March 2026 (CVE-2026-33634), with the entry that our lock file has of it.

const { trivy } = actionsLock().tools;
const released = trivy?.archives['linux-x64'];
const { pathname } = new URL(released?.url ?? '');

let folder: string;
let server: Server;
let asked: string[];
let swapped: Buffer;
/** The sum in the publisher's own list. */
let listed: string;
/** Where an address leads now. */
let moved: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'moved-'));
  // It would leave a trace if it were run, were it only for its version.
  const stealer = `#!/bin/sh\ntouch '${join(folder, 'was-run')}'\necho 'Version: ${trivy?.version}'\n`;
  mkdirSync(join(folder, 'release'));
  writeFileSync(join(folder, 'release/trivy'), stealer);
  chmodSync(join(folder, 'release/trivy'), 0o755);
  const archive = join(folder, 'a.tgz');
  await create({ file: archive, gzip: true, cwd: join(folder, 'release') }, ['trivy']);
  swapped = readFileSync(archive);
  asked = [];
  listed = released?.sha256 ?? '';
  moved = {};
  server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    if (moved[url] !== undefined) response.writeHead(302, { location: moved[url] }).end();
    else response.end(url.endsWith('.txt') ? `${listed}  trivy.tar.gz\n` : swapped);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function provide() {
  if (trivy === undefined || released === undefined) throw new Error('Trivy is not in the lock.');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${pathname}`;
  const archives = { [`${process.platform}-${process.arch}`]: { ...released, url } };
  return provideTool('trivy', {
    env: { PATH: '/nowhere', XDG_CACHE_HOME: join(folder, 'cache') },
    log: silent,
    lock: { ...actionsLock(), tools: { trivy: { ...trivy, archives } } },
  });
}

describe('a release of Trivy that was changed after we pinned it is not run:', () => {
  it.each<[string, () => void]>([
    ['its archive was swapped', () => {}],
    [
      'its archive and the sum file beside it',
      () => {
        listed = createHash('sha256').update(swapped).digest('hex');
      },
    ],
    [
      'its tag leads to another release',
      () => {
        moved[pathname] = pathname.replaceAll(trivy?.version ?? '', '0.69.4');
      },
    ],
  ])('%s', async (_, move) => {
    move();
    await expect(provide()).rejects.toThrow(/is not the file we know; it was not run/);
    expect(existsSync(join(folder, 'was-run'))).toBe(false);
    // Nobody asks the publisher for a sum.
    expect(asked.filter((url) => !url.endsWith('.tar.gz'))).toEqual([]);
    const kept = readdirSync(join(folder, 'cache'), { recursive: true, withFileTypes: true });
    expect(kept.filter((entry) => entry.isFile())).toEqual([]);
  });
});

it('each archive of the lock is of the pinned version, and has a sum of ours', () => {
  for (const { url, sha256 } of Object.values(trivy?.archives ?? {})) {
    expect(url).toContain(`/v${trivy?.version}/`);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(
    readFileSync(join(actionsLock().folder, trivy?.go?.module ?? '', 'go.sum'), 'utf8'),
  ).toContain(`github.com/aquasecurity/trivy v${trivy?.version} h1:`);
});
