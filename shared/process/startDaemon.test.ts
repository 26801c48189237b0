import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRunning, markOf } from './ProcessMark.ts';
import { run } from './run.ts';
import { type Daemon, startDaemon } from './startDaemon.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daemon-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH ?? '' };
const shell = (script: string) =>
  startDaemon({
    program: '/bin/sh',
    args: ['-c', script],
    env,
    logFile: join(folder, 'log'),
  });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('startDaemon', () => {
  it('runs beside us, and ends with its children when it is stopped', async () => {
    const daemon = (await shell('sleep 71 & echo $!; wait')) as Daemon;
    expect(daemon.runs()).toBe(true);
    const log = () => readFileSync(join(folder, 'log'), 'utf8');
    await until(() => log().includes('\n'));
    const child = markOf(Number(log()));
    await daemon.stop(1000);
    expect(daemon.runs()).toBe(false);
    await until(() => child !== undefined && isRunning(child) === false);
  });

  it('is killed when it does not end by itself', async () => {
    const daemon = (await shell('trap "" TERM; echo up; while :; do sleep 0.01; done')) as Daemon;
    await until(() => readFileSync(join(folder, 'log'), 'utf8') !== '');
    await daemon.stop(50);
    expect(daemon.runs()).toBe(false);
  });

  it('tells why it did not start', async () => {
    expect(
      await startDaemon({ program: '/no/such', args: [], env, logFile: join(folder, 'log') }),
    ).toMatch(/ENOENT/);
  });

  it('ends with the process that started it, which need not wait for it', async () => {
    const script = `
      const { startDaemon } = await import(${JSON.stringify(join(import.meta.dirname, 'startDaemon.ts'))});
      const daemon = await startDaemon({ program: 'sleep', args: ['72'], env: process.env, logFile: ${JSON.stringify(join(folder, 'log'))} });
      console.log(JSON.stringify(daemon.mark));`;
    const { stdout, stderr } = await run({
      program: process.execPath,
      args: ['--input-type=module', '--eval', script],
      env,
    });
    expect(stderr).toBe('');
    const mark = JSON.parse(stdout);
    await until(() => isRunning(mark) === false);
  });
});

describe('isRunning', () => {
  it('knows a process by more than its number', () => {
    const mark = markOf(process.pid);
    if (mark === undefined) throw new Error('we run');
    expect(isRunning(mark)).toBe(true);
    expect(isRunning({ ...mark, startTime: '1' })).toBe(false);
    expect(isRunning({ ...mark, namespace: 'pid:[1]' })).toBe('unknown');
    expect(markOf(2 ** 22)).toBeUndefined();
  });
});
