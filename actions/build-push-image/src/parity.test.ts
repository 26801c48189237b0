import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAction } from '../../../scripts/actions.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { silent } from '../../../shared/log/Log.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { type Arguments, buildArguments } from './buildArguments.ts';
import type { Builder } from './builders/Builder.ts';
import { allCapabilities } from './builders/Builder.ts';
import { openBuildCaches } from './caches/openBuildCaches.ts';
import { readInputs } from './inputs.ts';
import { planBuild } from './planBuild.ts';

const run = 'https://github.com/acme/web/actions/runs/7/attempts/2';
const repository = 'https://github.com/acme/web.git#0123456789abcdef0123456789abcdef01234567';
let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'parity-'));
  mkdirSync(join(workspace, 'src'));
  for (const name of ['Dockerfile', 'src/Dockerfile', 'web.Dockerfile', 'npmrc']) {
    writeFileSync(join(workspace, name), 'FROM scratch\n');
  }
});
afterAll(() => rmSync(workspace, { recursive: true }));

/** The command line of these inputs, as `deeds/build` makes it. */
async function commandLine(given: Readonly<Record<string, string>>): Promise<Arguments> {
  const defaults = Object.entries(readAction('build-push-image').inputs ?? {})
    .map(([name, input]) => [name, String(input.default ?? '')])
    .filter(([, value]) => !value?.includes('${{'));
  const inputs = { ...Object.fromEntries(defaults), tags: 'r.io/web:1', ...given };
  const runner: Runner = {
    env: {
      GITHUB_WORKSPACE: workspace,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '2',
      NPM: 's3cret-npm',
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    },
    log: silent,
    signal: new AbortController().signal,
    tempDir: workspace,
    secrets: new Set(),
    mask() {},
    output() {},
    async summary() {},
    saveState() {},
    readState: () => undefined,
  };
  const wanted = await readInputs(runner);
  if (wanted.deed !== 'build') throw new Error('these inputs build');
  const read = wanted.inputs;
  const builder: Builder = {
    ...{ program: 'docker', prefix: ['buildx'], env: {}, name: read.build.builder },
    ...{ driver: 'docker-container', platforms: undefined, ...allCapabilities },
    async [Symbol.asyncDispose]() {},
  };
  const registry = new RegistryClient({
    http: () => Promise.reject(new Error('nothing is asked for a command line')),
    credentialFor: async () => undefined,
  });
  const caches = await openBuildCaches(read, builder, runner, registry);
  return buildArguments(planBuild(read, runner), builder, '/t/m.json', { extra: caches.arguments });
}

interface Row {
  /** What stands under `with:`; the input itself first. */
  readonly given: Readonly<Record<string, string>>;
  /** What docker/build-push-action 7 gives to buildx for it. */
  readonly docker: readonly string[];
  /** What we give, where the words differ: an absolute path, a secret that is in no file. */
  readonly ours?: () => readonly string[];
}

const same = (given: Row['given'], ...docker: string[]): Row => ({ given, docker });

/** In the order of the other action's inputs. */
const rows: Readonly<Record<string, Row>> = {
  'add-hosts': same(
    { 'add-hosts': 'a:10.0.0.1,b:10.0.0.2' },
    ...['--add-host', 'a:10.0.0.1', '--add-host', 'b:10.0.0.2'],
  ),
  allow: same(
    { allow: 'network.host\nsecurity.insecure' },
    ...['--allow', 'network.host', '--allow', 'security.insecure'],
  ),
  annotations: same(
    { annotations: 'index:x=a,b\nmanifest:y=2' },
    ...['--annotation', 'index:x=a,b', '--annotation', 'manifest:y=2'],
  ),
  attests: same(
    { attests: 'type=sbom,generator=r.io/g' },
    '--attest',
    'type=sbom,generator=r.io/g',
  ),
  'build-args': same({ 'build-args': 'A=1,2\nB=' }, '--build-arg', 'A=1,2', '--build-arg', 'B='),
  'build-contexts': same(
    { 'build-contexts': 'base=docker-image://r.io/b\nrepo={{defaultContext}}:sub' },
    ...['--build-context', 'base=docker-image://r.io/b'],
    ...['--build-context', `repo=${repository}:sub`],
  ),
  builder: same({ builder: 'mine' }, '--builder', 'mine'),
  'cache-from': same(
    { 'cache-from': 'type=gha\nr.io/web:cache' },
    ...['--cache-from', 'type=gha', '--cache-from', 'r.io/web:cache'],
  ),
  'cache-to': {
    given: { 'cache-to': 'type=gha,mode=max' },
    docker: ['--cache-to', 'type=gha,mode=max'],
    ours: () => ['--cache-to', 'type=gha,mode=max,ignore-error=true'],
  },
  call: same({ call: 'check' }, '--call', 'check'),
  'cgroup-parent': same({ 'cgroup-parent': 'ci' }, '--cgroup-parent', 'ci'),
  context: { given: { context: 'src' }, docker: ['src'], ours: () => [join(workspace, 'src')] },
  file: {
    given: { file: 'web.Dockerfile' },
    docker: ['--file', 'web.Dockerfile'],
    ours: () => ['--file', join(workspace, 'web.Dockerfile')],
  },
  'github-token': {
    given: { 'github-token': 'ghs_s3cret', context: '{{defaultContext}}' },
    docker: ['--secret', 'id=GIT_AUTH_TOKEN,src=<a file that it wrote>'],
    ours: () => ['--secret', 'id=GIT_AUTH_TOKEN,env=BUILD_SECRET_0'],
  },
  labels: same({ labels: 'a=1,2\nb=3' }, '--label', 'a=1,2', '--label', 'b=3'),
  load: same({ load: 'true' }, '--load'),
  network: same({ network: 'host' }, '--network', 'host'),
  'no-cache': same({ 'no-cache': 'true' }, '--no-cache'),
  'no-cache-filters': same(
    { 'no-cache-filters': 'a,b' },
    ...['--no-cache-filter', 'a', '--no-cache-filter', 'b'],
  ),
  outputs: same(
    { outputs: 'type=local,dest="a,b"\ntype=tar,dest=c' },
    ...['--output', 'type=local,dest="a,b"', '--output', 'type=tar,dest=c'],
  ),
  platforms: same(
    { platforms: 'linux/amd64\nlinux/arm64' },
    ...['--platform', 'linux/amd64,linux/arm64'],
  ),
  provenance: same(
    { provenance: 'mode=max' },
    ...['--attest', `type=provenance,mode=max,builder-id=${run}`],
  ),
  pull: same({ pull: 'true' }, '--pull'),
  push: same({ push: 'true' }, '--push'),
  sbom: {
    given: { sbom: 'true' },
    docker: ['--attest', 'type=sbom,disabled=false'],
    ours: () => ['--attest', 'type=sbom'],
  },
  secrets: {
    given: { secrets: 'npm=s3cret-npm' },
    docker: ['--secret', 'id=npm,src=<a file that it wrote>'],
    ours: () => ['--secret', 'id=npm,env=BUILD_SECRET_0'],
  },
  'secret-envs': {
    given: { 'secret-envs': 'npm=NPM' },
    docker: ['--secret', 'id=npm,env=NPM'],
    ours: () => ['--secret', 'id=npm,env=BUILD_SECRET_0'],
  },
  'secret-files': {
    given: { 'secret-files': 'npm=npmrc' },
    docker: ['--secret', 'id=npm,src=npmrc'],
    ours: () => ['--secret', `id=npm,src=${join(workspace, 'npmrc')}`],
  },
  'shm-size': same({ 'shm-size': '2g' }, '--shm-size', '2g'),
  ssh: same({ ssh: 'default,key=/k' }, '--ssh', 'default', '--ssh', 'key=/k'),
  tags: same({ tags: 'r.io/web:1,r.io/web:2' }, '--tag', 'r.io/web:1', '--tag', 'r.io/web:2'),
  target: same({ target: 'prod' }, '--target', 'prod'),
  ulimit: same(
    { ulimit: 'nofile=1024:2048\nnproc=3' },
    ...['--ulimit', 'nofile=1024:2048', '--ulimit', 'nproc=3'],
  ),
};

describe('the 33 inputs of docker/build-push-action 7', () => {
  it('are all here', () => {
    expect(Object.keys(rows)).toHaveLength(33);
    expect(Object.keys(readAction('build-push-image').inputs ?? {})).toEqual(
      expect.arrayContaining(Object.keys(rows)),
    );
  });

  it.each(Object.entries(rows))('%s reaches buildx as there', async (name, row) => {
    expect(Object.keys(row.given)[0]).toBe(name);
    const wanted = row.ours?.() ?? row.docker;
    const made = await commandLine(row.given);
    expect(timesIn(made.args, wanted)).toBe(1);
    const without = await commandLine({});
    if (name !== 'tags') expect(timesIn(without.args, wanted)).toBe(0);
    expect(made.args.join(' ')).not.toContain('s3cret');
  });

  it.each<[string, Row['given'], readonly string[]]>([
    ['provenance', { provenance: 'false' }, ['--attest', 'type=provenance,disabled=true']],
    ['provenance', { provenance: 'true' }, ['--attest', `type=provenance,builder-id=${run}`]],
    ['sbom', { sbom: 'false' }, ['--attest', 'type=sbom,disabled=true']],
    ['sbom', { sbom: 'generator=r.io/g' }, ['--attest', 'type=sbom,generator=r.io/g']],
    ['context', { context: '{{defaultContext}}:sub' }, [`${repository}:sub`]],
    ['context', { context: 'https://r.io/a.git#main' }, ['https://r.io/a.git#main']],
    [
      'attests gets the run as well',
      { attests: 'type=provenance,mode=max' },
      ['--attest', `type=provenance,mode=max,builder-id=${run}`],
    ],
  ])('%s: %j', async (_name, given, wanted) => {
    expect(timesIn((await commandLine(given)).args, wanted)).toBe(1);
  });

  it('attests gives way to provenance and sbom, where both are given', async () => {
    const attests = 'type=provenance,mode=min\ntype=sbom,generator=r.io/a';
    const { args } = await commandLine({ attests, provenance: 'mode=max', sbom: 'true' });
    expect(args.filter((_, index) => args[index - 1] === '--attest')).toEqual([
      `type=provenance,mode=max,builder-id=${run}`,
      'type=sbom',
    ]);
  });

  it('a GIT_AUTH_TOKEN of the user is not replaced, and no other context gets the token', async () => {
    const own = await commandLine({
      ...{ 'github-token': 'ghs_s3cret', context: '{{defaultContext}}' },
      secrets: 'GIT_AUTH_TOKEN=mine',
    });
    expect(own.env).toEqual({ BUILD_SECRET_0: 'mine' });
    const other = await commandLine({
      ...{ 'github-token': 'ghs_s3cret', context: 'https://r.io/a.git' },
    });
    expect(other.env).toEqual({});
  });
});

/** How often the words stand in this order beside each other. */
function timesIn(args: readonly string[], words: readonly string[]): number {
  return args.filter((_, index) => words.every((word, offset) => args[index + offset] === word))
    .length;
}
