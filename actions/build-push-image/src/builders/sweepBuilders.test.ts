import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../../../../shared/log/Log.ts';
import { markOf, type ProcessMark } from '../../../../shared/process/ProcessMark.ts';
import type { Command } from '../../../../shared/process/run.ts';
import type { Made } from './BuilderFolder.ts';
import { sweepBuilders } from './sweepBuilders.ts';

let temp: string;
const { TMPDIR } = process.env;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'sweep-'));
  process.env.TMPDIR = temp;
});
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(temp, { recursive: true });
});

const us = markOf(process.pid) as ProcessMark;
const killed = { ...us, startTime: '1' };
const inCluster = { program: '/b/buildx', prefix: [], name: 'platform-actions-1' };

/** Sweeps a folder that tells this; gives whether it is left, and what was run. */
async function sweep(made: Made | undefined, { exitCode = 0, stderr = '', mode = 0o700, now = 0 }) {
  const folder = join(temp, 'pa-builder-x');
  mkdirSync(folder);
  chmodSync(folder, mode);
  if (made !== undefined) writeFileSync(join(folder, 'made.json'), JSON.stringify(made));
  const commands: string[] = [];
  await sweepBuilders(
    { env: { RUNNER_TEMP: temp }, log: silent },
    async ({ program, args }: Command) => {
      commands.push([program, ...args].join(' '));
      return {
        exitCode,
        stderr,
        killedBy: undefined,
        startError: undefined,
        endedBy: 'itself',
        stdout: '',
        stdoutTruncated: false,
        durationMs: 1,
      };
    },
    Date.now() + now,
  );
  return { left: existsSync(folder), commands };
}

const rm = '/b/buildx rm --force platform-actions-1';

describe('sweepBuilders', () => {
  it.each<[string, Made | undefined, Parameters<typeof sweep>[1], boolean, string[]]>([
    ['leaves that of a step that runs', { step: us }, {}, true, []],
    [
      'leaves that of another container',
      { step: { ...killed, namespace: 'pid:[1]' } },
      {},
      true,
      [],
    ],
    ['leaves one that is being made', undefined, {}, true, []],
    ['leaves one that others may write to', { step: killed }, { mode: 0o770 }, true, []],
    ['removes one that says nothing for a minute', undefined, { now: 61_000 }, false, []],
    ['removes that of a killed step', { step: killed }, {}, false, []],
    ['removes its builder, too', { step: killed, buildx: inCluster }, {}, false, [rm]],
    [
      'keeps what it could not remove for the next one',
      { step: killed, buildx: inCluster },
      { exitCode: 1, stderr: 'ERROR: connection refused' },
      true,
      [rm],
    ],
    [
      'gives up what it may not remove',
      { step: killed, buildx: inCluster },
      { exitCode: 1, stderr: 'ERROR: deployments.apps is forbidden' },
      false,
      [rm],
    ],
    [
      'removes files of other user ids as their root',
      { step: killed, remover: '/b/rootlesskit' },
      {},
      false,
      ['/b/rootlesskit rm -rf ROOT'],
    ],
  ])('%s', async (_name, made, options, left, commands) => {
    const found = await sweep(made, options);
    expect(found.left).toBe(left);
    expect(found.commands.map((line) => line.replace(/\S*\/root$/, 'ROOT'))).toEqual(commands);
  });
});
