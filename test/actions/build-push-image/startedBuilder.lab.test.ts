import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { metForeign } from '../../../actions/build-push-image/src/builders/emulation.ts';
import { sweepBuilders } from '../../../actions/build-push-image/src/builders/sweepBuilders.ts';
import { silent } from '../../../shared/log/Log.ts';
import { run } from '../../../shared/process/run.ts';
import { addresses } from '../../lab/addresses.ts';
import { killSweep, type Victim } from '../../lab/faults/killSweep.ts';
import { sampleShots } from '../../lab/faults/sampleShots.ts';
import { graceMs } from '../graceMs.ts';
import { digestOf } from './workspace.ts';

let temp: string;
let context: string;
let image: string;
/** A number that no other process of this machine sleeps for. */
let nap: number;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'runner-'));
  context = mkdtempSync(join(tmpdir(), 'context-'));
  nap = randomInt(100_000, 1_000_000);
  image = `${addresses.registry}/test/started-${nap}`;
});
afterEach(() => {
  for (const folder of [temp, context]) rmSync(folder, { recursive: true, force: true });
});

const dockerfile = (...lines: string[]) =>
  writeFileSync(
    join(context, 'Dockerfile'),
    [`FROM ${addresses.registry}/library/busybox:1.36`, ...lines].join('\n'),
  );

function step(extra: Record<string, string> = {}): Victim {
  const passed = ['PATH', 'HOME', 'GOPROXY', 'GOFLAGS', 'XDG_CACHE_HOME', 'SSL_CERT_FILE'];
  return {
    program: process.execPath,
    args: [join(import.meta.dirname, 'builderStep.ts')],
    env: {
      ...Object.fromEntries(
        passed.flatMap((name) => {
          const value = process.env[name];
          return value === undefined ? [] : [[name, value]];
        }),
      ),
      RUNNER_TEMP: temp,
      GITHUB_STATE: '',
      BUILDER: 'start',
      CONTEXT: context,
      IMAGE: `${image}:1`,
      ...extra,
    },
  };
}

/** The RUN steps of this test that run, in whatever container. */
function naps(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(String(nap));
    } catch {
      return false;
    }
  });
}

const mounts = () =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(temp));

describe('a BuildKit that is started for the step', () => {
  it('builds and pushes with attestations, and leaves nothing', async () => {
    dockerfile('RUN echo built > /built');
    const { exitCode, stdout, stderr } = await run(step());
    expect(stderr).toBe('');
    expect(stdout).toContain('The driver is remote');
    expect(exitCode).toBe(0);
    expect(await digestOf(image, '1')).toMatch(/^sha256:/);
    expect(readdirSync(temp)).toEqual([]);
    expect(mounts()).toEqual([]);
  }, 60_000);

  it('keeps what it made in `root` for the next step', async () => {
    dockerfile('RUN echo $RANDOM > /built');
    const root = join(temp, 'kept');
    const first = await run(step({ BUILDER: `start?root=${root}` }));
    expect(first.exitCode).toBe(0);
    const second = await run(step({ BUILDER: `start?root=${root}` }));
    expect(second.stdout).toMatch(/#\d+ \[2\/2\] RUN .*\n#\d+ CACHED/);
    expect(readdirSync(temp)).toEqual(['kept']);
  }, 60_000);

  it('says whose `root` is in use', async () => {
    dockerfile(`RUN sleep ${nap}`);
    const root = join(temp, 'kept');
    const stop = new AbortController();
    let second: Promise<{ stdout: string }> | undefined;
    await run({
      ...step({ BUILDER: `start?root=${root}` }),
      signal: stop.signal,
      onLine: (line) => {
        if (second !== undefined || !line.includes(`RUN sleep ${nap}`)) return;
        second = run(step({ BUILDER: `start?root=${root}` })).finally(() => stop.abort());
      },
    });
    expect((await second)?.stdout).toMatch(/::error::.*Another BuildKit uses the same `root` now/);
    expect(naps()).toEqual([]);
  }, 60_000);

  it('is what a runner without a docker engine gets, without a word', async () => {
    dockerfile('RUN true');
    const { BUILDER, ...env } = step().env;
    const { stdout, exitCode } = await run({ ...step(), env });
    expect(stdout).toContain('one is started');
    expect(exitCode).toBe(0);
  }, 60_000);

  it('that meets a program of another processor is recognized', async () => {
    // The head of a program for 64-bit ARM is all that the kernel reads of it.
    const head = Buffer.alloc(64);
    head.write('\x7fELF\x02\x01\x01', 'latin1');
    head.writeUInt16LE(2, 16);
    head.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
    writeFileSync(join(context, 'foreign'), head, { mode: 0o755 });
    dockerfile('COPY foreign /foreign', 'RUN ["/foreign"]');
    const { exitCode, stdout } = await run(step());
    expect(exitCode).toBe(1);
    expect(metForeign(stdout)).toBe(true);
  }, 60_000);

  it('is gone with a step that is killed at any moment, and so are its RUN steps', async () => {
    dockerfile(`RUN sleep ${nap}`);
    const results = await killSweep({
      shots: sampleShots({ seed: 4, count: 6, everyMs: 250, untilMs: 4000 }),
      victim: () => step(),
      folders: [temp],
      settleMs: 1000,
      afterShot: async ({ signal, leftBehind }) => {
        expect(naps()).toEqual([]);
        expect(mounts()).toEqual([]);
        expect(leftBehind.processes).toEqual([]);
        if (signal !== 'SIGKILL') expect(leftBehind.files).toEqual([]);
        await sweepBuilders({ env: { ...step().env }, log: silent });
        expect(readdirSync(temp).filter((name) => name.startsWith('pa-builder'))).toEqual([]);
        for (const name of readdirSync(temp)) rmSync(join(temp, name), { recursive: true });
      },
    });
    for (const { signal, dyingMs, hung } of results) {
      expect(hung).toBe(false);
      expect(dyingMs).toBeLessThan(graceMs[signal]);
    }
    // Some were shot in the middle of the RUN step.
    expect(results.some(({ stdout }) => stdout.includes(`RUN sleep ${nap}`))).toBe(true);
    expect(await digestOf(image, '1')).toBeUndefined();
  }, 180_000);
});
