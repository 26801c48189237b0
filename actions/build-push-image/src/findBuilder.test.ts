import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Runner } from '../../../shared/action/Runner.ts';
import { silent } from '../../../shared/log/Log.ts';
import type { Command, Outcome } from '../../../shared/process/run.ts';
import { findBuilder, type Needs } from './findBuilder.ts';

let folder: string;
const { TMPDIR } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-'));
  process.env.TMPDIR = folder;
  writeFileSync(join(folder, 'docker'), '');
  chmodSync(join(folder, 'docker'), 0o755);
});
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true });
});

/** What `docker buildx inspect` answers; `undefined` for a builder that is not there. */
const builders: Readonly<Record<string, string | undefined>> = {
  docker: 'Name:   default\nDriver: docker\n\nNodes:\nStatus: running\nPlatforms: linux/amd64\n',
  containerd:
    'Name:   default\nDriver: docker\n\nNodes:\nStatus: running\nLabels:\n org.mobyproject.buildkit.worker.snapshotter: overlayfs\n',
  container: 'Name:   big\nDriver: docker-container\n\nNodes:\nStatus: inactive\n',
  cloud:
    'Name:   far\nDriver: cloud\n\nNodes:\nStatus: running\nPlatforms: linux/amd64, linux/arm64\n',
  dead: 'Name:   default\nDriver: \nError:  failed to connect to the docker API\n',
  none: undefined,
};

async function find(
  current: string,
  wanted?: string,
  { needs = {}, env = {} }: { needs?: Needs; env?: Record<string, string> } = {},
) {
  const commands: string[] = [];
  const runner = {
    env: { PATH: folder, RUNNER_TEMP: folder, ...env },
    log: silent,
    signal: new AbortController().signal,
    tempDir: folder,
    secrets: new Set<string>(),
    saveState() {},
  } as unknown as Runner;
  const builder = await findBuilder(
    wanted,
    runner,
    async ({ args }: Command): Promise<Outcome> => {
      commands.push(args.join(' '));
      const text = args[1] === 'inspect' ? builders[current] : '';
      return {
        exitCode: text === undefined ? 1 : 0,
        killedBy: undefined,
        startError: undefined,
        endedBy: 'itself',
        stdout: text ?? '',
        stderr: text === undefined ? 'ERROR: no builder "none" found\n' : '',
        stdoutTruncated: false,
        durationMs: 1,
      };
    },
    needs,
  );
  return { builder, commands };
}

const all = { canAttest: true, canCacheExport: true, canMultiPlatform: true };
const none = { canAttest: false, canCacheExport: false, canMultiPlatform: false };

describe('findBuilder', () => {
  it.each([
    [
      'docker',
      undefined,
      { driver: 'docker', name: undefined, ...none, platforms: ['linux/amd64'] },
    ],
    ['containerd', undefined, { driver: 'docker', name: undefined, ...all }],
    ['container', 'big', { driver: 'docker-container', name: 'big', ...all, platforms: undefined }],
    ['cloud', 'far', { driver: 'cloud', name: 'far', ...all }],
  ])('takes docker as it is: %s', async (current, wanted, expected) => {
    const { builder, commands } = await find(current, wanted);
    expect(builder).toMatchObject({
      program: join(folder, 'docker'),
      prefix: ['buildx'],
      ...expected,
    });
    expect(commands).toEqual([
      'buildx version',
      wanted === undefined ? 'buildx inspect' : `buildx inspect ${wanted}`,
    ]);
  });

  it('makes one in docker when docker itself cannot do what is needed, and removes it', async () => {
    const { builder, commands } = await find('docker', undefined, { needs: { canAttest: true } });
    const { name } = builder;
    expect(builder).toMatchObject({ driver: 'docker-container', ...all });
    expect(commands.at(-1)).toBe(
      `buildx create --bootstrap --name ${name} --driver docker-container`,
    );
    await builder[Symbol.asyncDispose]();
    expect(commands.at(-1)).toBe(`buildx rm --force ${name}`);
    expect(readdirSync(folder)).toEqual(['docker']);
  });

  it('does not when docker can, or when somebody chose', async () => {
    const needs = { canAttest: true };
    expect((await find('containerd', undefined, { needs })).builder.driver).toBe('docker');
    expect((await find('docker', 'default', { needs })).builder.driver).toBe('docker');
  });

  it.each<[string, string | undefined, Record<string, string>, RegExp]>([
    ['none', 'none', {}, /^There is no builder none\. Check/],
    ['strat', 'strat', {}, /^There is no builder strat\. Did you mean `start`\?/],
    ['dead', 'default', {}, /^The builder default does not answer\. Failed to connect/],
    ['dead', undefined, { DOCKER_HOST: 'tcp://d:1' }, /^The builder does not answer\. Failed/],
  ])('says what is wrong with %s', async (current, wanted, env, words) => {
    await expect(find(current, wanted, { env })).rejects.toThrow(words);
  });
});
