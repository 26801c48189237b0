import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { silent } from '../../../../shared/log/Log.ts';
import { type Command, type Outcome, run } from '../../../../shared/process/run.ts';
import { freeDisk, type Machine } from './freeDisk.ts';
import { largestConsumers, pickLargest } from './largestConsumers.ts';

const ended: Outcome = {
  exitCode: 0,
  killedBy: undefined,
  startError: undefined,
  endedBy: 'itself',
  stdout: '',
  stderr: '',
  stdoutTruncated: false,
  durationMs: 1,
};

/** Frees 5 GB when something is removed; tells what was run and said. */
async function free(env: Record<string, string>, there: string[], machine: Partial<Machine> = {}) {
  const said: string[] = [];
  const commands: string[] = [];
  let available = 10e9;
  const freed = await freeDisk(
    {
      env: { PATH: '/bin', ...env },
      signal: new AbortController().signal,
      log: {
        ...silent,
        info: (text) => void said.push(text),
        warning: (text) => void said.push(`warning: ${text}`),
      },
    },
    async ({ program, args }: Command) => {
      commands.push([program, ...args].join(' '));
      available += 5e9;
      return ended;
    },
    {
      exists: (path) => there.includes(path),
      free: async () => available,
      isRoot: false,
      ...machine,
    },
  );
  return { freed, commands, said: said.join('\n') };
}

const hosted = { RUNNER_ENVIRONMENT: 'github-hosted' };
const both = ['/usr/local/lib/android', '/usr/share/dotnet'];

describe('freeDisk', () => {
  it.each([
    ['a machine of our own', { RUNNER_ENVIRONMENT: 'self-hosted' }, both, 'nothing is removed'],
    ['a machine that says nothing', {}, both, 'nothing is removed'],
    ["a job's container", hosted, [...both, '/.dockerenv'], 'nothing is removed'],
    ['a machine without them', hosted, [], 'not here'],
  ])('removes nothing from %s', async (_name, env, there, words) => {
    const { freed, commands, said } = await free(env, there);
    expect({ freed, commands }).toEqual({ freed: 0, commands: [] });
    expect(said).toContain(words);
  });

  it('removes those that are there, and tells how much that was', async () => {
    const { freed, commands, said } = await free(hosted, both);
    expect(freed).toBe(5e9);
    expect(commands).toEqual([
      'sudo --non-interactive rm -rf -- /usr/local/lib/android /usr/share/dotnet',
    ]);
    expect(said).toContain('5.0 GB freed (Android, .NET)');
  });

  it('needs no sudo as root', async () => {
    const { commands } = await free(hosted, both, { isRoot: true });
    expect(commands).toEqual(['rm -rf -- /usr/local/lib/android /usr/share/dotnet']);
  });
});

describe('pickLargest', () => {
  it('goes down to where most of it is, and counts nothing twice', () => {
    const counted = [
      { path: '/', bytes: 100 },
      { path: '/var', bytes: 70 },
      { path: '/var/lib', bytes: 69 },
      { path: '/var/lib/docker', bytes: 40 },
      { path: '/var/lib/docker/overlay2', bytes: 39 },
      { path: '/var/lib/apt', bytes: 20 },
      { path: '/home', bytes: 25 },
      { path: '/home/a', bytes: 10 },
      { path: '/home/b', bytes: 9 },
    ];
    expect(pickLargest(counted, '/', 3)).toEqual([
      { path: '/var/lib/docker/overlay2', bytes: 39 },
      { path: '/home', bytes: 25 },
      { path: '/var/lib/apt', bytes: 20 },
    ]);
  });
});

describe('largestConsumers', () => {
  it('stops counting when its time is over, and tells what it has', async () => {
    const found = await largestConsumers('/', {}, 2, async () => ({
      ...ended,
      exitCode: undefined,
      endedBy: 'deadline',
      stdout: '7\t/a\n9\t/b\n3\t/c/d',
    }));
    expect(found).toEqual({
      largest: [
        { path: '/b', bytes: 9 },
        { path: '/a', bytes: 7 },
      ],
      complete: false,
    });
  });

  it('reads what du says of a real folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'disk-'));
    try {
      mkdirSync(join(folder, 'big'));
      writeFileSync(join(folder, 'big/file'), Buffer.alloc(300_000));
      // The whole file system would take too long here; the folder stands for it.
      const { largest } = await largestConsumers(folder, process.env, 1, (command) =>
        run({ ...command, args: [...command.args.slice(0, -1), folder] }),
      );
      expect(largest).toMatchObject([{ path: join(folder, 'big') }]);
      expect(largest[0]?.bytes).toBeGreaterThanOrEqual(300_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
