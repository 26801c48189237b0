import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killSweep, type Victim } from './killSweep.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH ?? '', FOLDER: '' };

/** A shell is ready sooner than Node: a shot after 150 ms finds it at work. */
const shell = (script: string): Victim => ({
  program: '/bin/sh',
  args: ['-c', script],
  env: { ...env, FOLDER: folder },
});

const shoot = async (script: string, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'cancel') => {
  const [result] = await killSweep({
    shots: [{ signal, afterMs: 150 }],
    victim: () => shell(script),
    folders: [folder],
    settleMs: 100,
  });
  if (result === undefined) throw new Error('no result');
  return result;
};

/** Empty when there is no such process, or only its zombie. */
function commandOf(pid: number | undefined): string {
  const path = `/proc/${pid}/cmdline`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('killSweep', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('ends a step by %s', async (signal) => {
    const result = await shoot('echo begun; exec sleep 5', signal);
    expect(result).toMatchObject({
      signal,
      killedBy: signal,
      exitCode: null,
      missed: false,
      hung: false,
      stdout: 'begun\n',
      leftBehind: { processes: [], files: [] },
    });
    expect(result.durationMs).toBeGreaterThan(145);
    expect(result.dyingMs).toBeLessThan(4000);
  });

  it('sees how a step takes the signal', async () => {
    const script = 'trap "echo tidied >&2; exit 7" INT; while :; do sleep 0.02; done';
    expect(await shoot(script, 'SIGINT')).toMatchObject({
      exitCode: 7,
      killedBy: null,
      stderr: 'tidied\n',
    });
  });

  it('cancels as the runner does, beginning with SIGINT', async () => {
    const script = 'trap "exit 3" INT; while :; do sleep 0.02; done';
    expect(await shoot(script, 'cancel')).toMatchObject({ exitCode: 3 });
  });

  it('tells a step that had ended before', async () => {
    expect(await shoot('exit 4', 'SIGKILL')).toMatchObject({ exitCode: 4, missed: true });
  });

  it('finds a child that outlives the step, and ends it', async () => {
    const result = await shoot('sleep 61 & wait', 'SIGKILL');
    expect(result.leftBehind.processes.map(({ command }) => command)).toEqual(['sleep 61']);
    const [left] = result.leftBehind.processes;
    expect(commandOf(left?.pid)).toBe('');
  });

  it('finds a child that has left the session', async () => {
    const result = await shoot('setsid sleep 62 & wait', 'SIGKILL');
    expect(result.leftBehind.processes.map(({ command }) => command)).toEqual(['sleep 62']);
  });

  it('finds a child without the environment', async () => {
    const result = await shoot('env -i /bin/sleep 63 & wait', 'SIGKILL');
    expect(result.leftBehind.processes.map(({ command }) => command)).toEqual(['/bin/sleep 63']);
  });

  it('finds files, but not those that were there before', async () => {
    writeFileSync(join(folder, 'before'), '');
    const result = await shoot('echo key > "$FOLDER/secret"; exec sleep 5', 'SIGTERM');
    expect(result.leftBehind.files).toEqual([join(folder, 'secret')]);
  });

  it('gives up on a step that does not end', async () => {
    const [result] = await killSweep({
      shots: [{ signal: 'SIGINT', afterMs: 50 }],
      victim: () => shell('trap "" INT; while :; do sleep 0.02; done'),
      deadlineMs: 200,
    });
    expect(result).toMatchObject({ hung: true, killedBy: 'SIGKILL' });
  });

  it('calls back after each shot, in order', async () => {
    const seen: number[] = [];
    await killSweep({
      shots: [
        { signal: 'SIGKILL', afterMs: 10 },
        { signal: 'SIGTERM', afterMs: 0 },
      ],
      victim: () => shell('exec sleep 5'),
      afterShot: ({ afterMs }) => void seen.push(afterMs),
    });
    expect(seen).toEqual([10, 0]);
  });
});
