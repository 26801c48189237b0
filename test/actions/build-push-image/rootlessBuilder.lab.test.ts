import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { root as repository } from '../../../scripts/actions.ts';
import { silent } from '../../../shared/log/Log.ts';
import { cacheRoot, provideTool } from '../../../shared/tools/provideTool.ts';
import { addresses } from '../../lab/addresses.ts';
import { needPackages } from '../../lab/debian.ts';
import { digestOf } from './workspace.ts';

/** A user that the machine has not; the test gives it a name and user ids, in its own mounts only. */
const uid = 1500;

let folder: string;
let image: string;
/** A number that no other process of this machine sleeps for. */
let nap: number;
beforeAll(async () => {
  await needPackages(['uidmap', 'runc'], silent);
  for (const name of ['buildx', 'buildkitd', 'rootlesskit']) {
    await provideTool(name, { env: process.env, log: silent });
  }
}, 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rootless-'));
  nap = randomInt(100_000, 1_000_000);
  image = `${addresses.registry}/test/rootless-${nap}`;
  for (const name of ['', 'home', 'temp', 'context', 'repository', 'tools/platform-actions']) {
    mkdirSync(join(folder, name), { recursive: true });
    chownSync(join(folder, name), uid, uid);
  }
  const users = readFileSync('/etc/passwd', 'utf8');
  writeFileSync(join(folder, 'passwd'), `${users}runner:x:${uid}:${uid}::${folder}/home:/bin/sh\n`);
  writeFileSync(join(folder, 'ids'), 'runner:200000:65536\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the step must not see of the machine, and where it finds the rest: seen by the step only. */
const asUser = `set -e
mount --bind "$FOLDER/passwd" /etc/passwd
for file in subuid subgid; do touch /etc/$file; mount --bind "$FOLDER/ids" /etc/$file; done
mount --bind "$REPOSITORY" "$FOLDER/repository"
mount --bind "$TOOLS" "$FOLDER/tools/platform-actions"
unset FOLDER REPOSITORY TOOLS
exec setpriv --reuid=${uid} --regid=${uid} --clear-groups "$@"`;

async function step(
  command: string,
  options = '',
  onLine?: (line: string, child: ChildProcess) => void,
): Promise<{ readonly exitCode: number | null; readonly log: string }> {
  writeFileSync(
    join(folder, 'context/Dockerfile'),
    `FROM ${addresses.registry}/library/busybox:1.36\nRUN ${command}\n`,
  );
  const script = join(folder, 'repository/test/actions/build-push-image/builderStep.ts');
  const node = join(folder, 'repository', process.execPath.slice(repository.length));
  const child = spawn('unshare', ['--mount', 'sh', '-c', asUser, 'sh', node, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      FOLDER: folder,
      REPOSITORY: repository,
      TOOLS: cacheRoot(process.env),
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: join(folder, 'home'),
      RUNNER_TEMP: join(folder, 'temp'),
      RUNNER_TOOL_CACHE: join(folder, 'tools'),
      GITHUB_STATE: '',
      BUILDER: `start${options}`,
      CONTEXT: join(folder, 'context'),
      IMAGE: `${image}:1`,
    },
  });
  let log = '';
  for await (const line of createInterface(child.stdout)) {
    log += `${line}\n`;
    onLine?.(line, child);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { exitCode: child.exitCode, log };
}

/** The RUN steps of this test that run, in whatever container. */
function naps(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${nap}\0`;
    } catch {
      return false;
    }
  });
}

async function killed(options: string): Promise<void> {
  let seen = 0;
  await step(`sleep ${nap}`, options, async (line, child) => {
    if (seen > 0 || !/^#\d+ .*RUN sleep/.test(line)) return;
    seen = 1;
    while (naps().length === 0) await sleep(20);
    child.kill('SIGKILL');
  });
  expect(seen).toBe(1);
}

const left = () =>
  readdirSync(join(folder, 'temp')).filter((name) => name.startsWith('pa-builder'));

describe('a BuildKit without root', () => {
  it('builds, pushes, and leaves nothing, not even what belongs to its own user ids', async () => {
    const { exitCode, log } = await step('touch /made && chown 5:5 /made');
    expect(log).toContain('without root');
    expect(exitCode).toBe(0);
    expect(await digestOf(image, '1')).toMatch(/^sha256:/);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  }, 60_000);

  it('is gone with a step that is killed, RUN steps included; the next one tidies up', async () => {
    await killed('');
    await sleep(200);
    expect(naps()).toEqual([]);
    expect(left()).toHaveLength(1);
    const { log, exitCode } = await step('true');
    expect(log).toContain('A step before this one was killed; its builder is removed.');
    expect(exitCode).toBe(0);
    expect(left()).toEqual([]);
  }, 60_000);

  it('without a process namespace leaves a RUN step, which the next step ends', async () => {
    await killed('?process-sandbox=false');
    const { exitCode } = await step('true', '?process-sandbox=false');
    expect(exitCode).toBe(0);
    expect(naps()).toEqual([]);
    expect(left()).toEqual([]);
  }, 60_000);

  it('says what its user lacks', async () => {
    writeFileSync(join(folder, 'ids'), 'somebody:200000:65536\n');
    const { exitCode, log } = await step('true');
    expect(exitCode).toBe(1);
    expect(log).toContain('This user has no range of user ids for what runs in a build.');
    expect(left()).toEqual([]);
  }, 60_000);
});
