import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '../../../../../shared/log/Log.ts';
import { parseReference } from '../../../../../shared/oci/Reference.ts';
import { run } from '../../../../../shared/process/run.ts';
import { addresses } from '../../../../../test/lab/addresses.ts';
import {
  startBuildkit,
  type TestBuildkit,
} from '../../../../../test/lab/buildkit/startBuildkit.ts';
import {
  freshRepository,
  type TestStep,
  testStep,
} from '../../../../../test/lab/buildkit/testStep.ts';
import { startFaultProxy } from '../../../../../test/lab/faults/faultProxy.ts';
import { labContext } from '../../../../../test/lab/lab.ts';
import { findBuilder } from '../../findBuilder.ts';
import { cacheTag } from '../cacheTag.ts';
import type { CachePlace } from '../planCache.ts';
import { resolveCache } from '../resolveCache.ts';
import { findCacheMounts } from './findCacheMounts.ts';
import { helperBuild } from './helperBuild.ts';
import type { MountKeeper } from './MountKeeper.ts';
import { restoreMounts } from './restoreMounts.ts';
import { saveMounts } from './saveMounts.ts';

const lab = labContext(silent);
/** Two machines that know nothing of each other. */
let first: TestBuildkit;
let second: TestBuildkit;
beforeAll(async () => {
  [first, second] = await Promise.all([startBuildkit(lab), startBuildkit(lab)]);
}, 60_000);
afterAll(async () => {
  await Promise.all([first?.[Symbol.asyncDispose](), second?.[Symbol.asyncDispose]()]);
}, 30_000);

interface Job {
  readonly step: TestStep;
  readonly pushed: string | undefined;
  /** What the user's RUN steps printed. */
  readonly printed: string;
  readonly ms: { readonly restore: number; readonly save: number };
}

/** A build as the action does it, on a builder, for an image. */
async function job(
  buildkit: TestBuildkit,
  image: string,
  dockerfile: string,
  change: Partial<MountKeeper> & { branch?: string } = {},
): Promise<Job> {
  const step = testStep();
  const { runner, registry } = step;
  const builder = await findBuilder(buildkit.address, runner);
  const { mounts } = findCacheMounts(dockerfile, {
    ...{ buildArgs: [], target: undefined, platforms: [], nativePlatform: 'linux/amd64' },
  });
  const place = (branch: string): CachePlace => ({
    branch,
    reference: { ...parseReference(image), tag: cacheTag('cachemounts', branch) },
  });
  const branch = change.branch ?? 'main';
  const keeper: MountKeeper = {
    mounts,
    imports: [...new Set([branch, 'main'])].map(place),
    export: place(branch),
    limitBytes: 2e9,
    build: helperBuild({ builder, runner, buildContexts: [], buildArgs: [] }),
    registry,
    resolve: (wanted) => resolveCache(wanted, registry),
    tempDir: runner.tempDir,
    log: runner.log,
    signal: runner.signal,
    nonce: () => randomBytes(8).toString('hex'),
    ...change,
  };
  const began = performance.now();
  const restored = await restoreMounts(keeper);
  const restore = performance.now() - began;
  const built = await run({
    program: builder.program,
    args: [
      ...['build', '--builder', builder.name ?? '', '--progress', 'plain'],
      ...['--output', 'type=cacheonly', '-'],
    ],
    input: dockerfile,
    env: builder.env,
  });
  expect(built.exitCode).toBe(0);
  const saving = performance.now();
  const pushed = await saveMounts(keeper, restored);
  const ms = { restore, save: performance.now() - saving };
  step[Symbol.dispose]();
  return { step, pushed: pushed?.digest, printed: built.stderr, ms };
}

const from = 'FROM debian:bookworm-slim';
const nonce = () => randomBytes(4).toString('hex');
const image = () => `${addresses.registry}/${freshRepository('mounts')}`;

describe('the contents of cache mounts', () => {
  it('are there on another machine, with owners, modes, times and links', async () => {
    const name = image();
    const mounts =
      '--mount=type=cache,target=/root/.npm --mount=type=cache,id=deps,target=/d,uid=1000,gid=1000,mode=0700';
    const fill = [
      from,
      `RUN ${mounts} cd /root/.npm && mkdir -p a/b && echo ${nonce()} > a/b/f && chown 7:8 a/b/f && chmod 4750 a/b/f \\`,
      " && touch -d '2020-02-02 02:02:02' a/b/f && ln -s a/b/f l && ln a/b/f h && echo deps > /d/x",
    ].join('\n');
    const one = await job(first, name, fill);
    expect(one.step.warnings).toEqual([]);
    expect(one.step.infos).toContain('No earlier build left contents of cache mounts.');
    expect(one.pushed).toMatch(/^sha256:/);

    const look = [
      from,
      `RUN ${mounts} cd /root/.npm && stat -c '%n %u:%g %a %Y %h' a/b/f h && readlink l && cat /d/x && stat -c '%n %u:%g %a' /d # ${nonce()}`,
    ].join('\n');
    const two = await job(second, name, look);
    expect(two.step.warnings).toEqual([]);
    expect(two.printed).toContain('a/b/f 7:8 4750 1580608922 2');
    expect(two.printed).toContain('h 7:8 4750 1580608922 2');
    expect(two.printed).toMatch(/ a\/b\/f\n[\s\S]* deps\n/);
    expect(two.printed).toContain('/d 1000:1000 700');
    // Nobody changed anything: nothing is pushed again.
    expect(two.pushed).toBeUndefined();
    expect(two.step.infos).toContain('The contents of the cache mounts have not changed.');
  }, 120_000);

  it("come from the default branch to another one, and stay that branch's own", async () => {
    const name = image();
    const write = (what: string) =>
      `${from}\nRUN --mount=type=cache,id=${name},target=/c echo ${what} >> /c/f && cat /c/f # ${nonce()}`;
    await job(first, name, write('of-main'));
    const branch = await job(second, name, write('of-branch'), { branch: 'feature/x' });
    expect(branch.printed).toMatch(/ of-main\n.* of-branch\n/);
    expect(branch.pushed).toBeDefined();
    await using third = await startBuildkit(lab);
    const main = await job(third, name, write('again'));
    expect(main.printed).not.toContain('of-branch');
  }, 120_000);

  it('do not replace what a builder has already', async () => {
    const name = image();
    const write = (what: string) =>
      `${from}\nRUN --mount=type=cache,id=${name},target=/c echo ${what} > /c/${what} && ls /c # ${nonce()}`;
    await job(first, name, write('one'));
    await job(first, name, write('two'), { export: undefined });
    const third = await job(first, name, write('three'));
    expect(third.printed).toMatch(/ one\n.* three\n.* two\n/);
    expect(third.step.infos.join()).not.toContain('Restored');
  }, 120_000);

  it('that are too large are left out whole, and that is said', async () => {
    const name = image();
    const dockerfile = `${from}\nRUN --mount=type=cache,id=${name}/big,target=/big --mount=type=cache,id=${name}/small,target=/small dd if=/dev/zero of=/big/f bs=1M count=9 && echo x > /small/f # ${nonce()}`;
    const { step, pushed } = await job(first, name, dockerfile, { limitBytes: 5e6 });
    expect(pushed).toBeDefined();
    expect(step.warnings).toEqual([
      expect.stringMatching(/^The cache mount .*\/big \(10 MB\) is not kept: .*more than 5 MB/),
    ]);
    const look = `${from}\nRUN --mount=type=cache,id=${name}/big,target=/big --mount=type=cache,id=${name}/small,target=/small echo big:$(ls /big) small:$(ls /small) # ${nonce()}`;
    const two = await job(second, name, look, { limitBytes: 5e6 });
    expect(two.printed).toContain('big: small:f');
  }, 120_000);

  it('need nothing of an image but its shell: busybox does', async () => {
    const name = image();
    const write = `FROM busybox:1.36\nUSER 1000\nRUN --mount=type=cache,id=${name},target=/c,uid=1000 echo hello > /c/f # ${nonce()}`;
    expect((await job(first, name, write)).pushed).toBeDefined();
    const read = `FROM busybox:1.36\nUSER 1000\nRUN --mount=type=cache,id=${name},target=/c,uid=1000 cat /c/f # ${nonce()}`;
    const two = await job(second, name, read);
    expect(two.printed).toMatch(/ hello\n/);
    expect(two.pushed).toBeUndefined();
  }, 120_000);

  it.each([
    ['read', /manifests/, ['GET', 'HEAD'], /could not be restored/],
    ['written', /blobs\/uploads/, ['POST'], /could not be kept/],
  ])(
    'that cannot be %s cost a warning and no build',
    async (_what, path, method, said) => {
      await using proxy = await startFaultProxy({
        target: `http://${addresses.registry}`,
        rules: [{ method, path, fault: { kind: 'answer', status: 403, body: '{}' } }],
      });
      const name = `${proxy.address}/${freshRepository('mounts')}`;
      const write = `${from}\nRUN --mount=type=cache,id=${name},target=/c echo x > /c/f # ${nonce()}`;
      const { step, pushed } = await job(first, name, write);
      expect(pushed).toBeUndefined();
      expect(step.warnings).toEqual([expect.stringMatching(said)]);
    },
    120_000,
  );
});
