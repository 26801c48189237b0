import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority, certificate } from '../../lab/authority.ts';
import { command } from '../../lab/command.ts';
import { serverError, tooManyRequests } from '../../lab/faults/answers.ts';
import { type FaultProxy, startFaultProxy } from '../../lab/faults/faultProxy.ts';
import type { Rule } from '../../lab/faults/Rule.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import { startTestAcr } from '../../lab/registry/acr/startTestAcr.ts';
import { tokenUser } from '../../lab/registry/acr/tokenEndpoints.ts';
import { pushImage, pushIndex } from '../../lab/registry/pushImage.ts';
import { trivyDbRepository } from '../../lab/trivy-db/trivyDb.ts';
import { pushToAcr } from './acrImage.ts';
import { type GateWorkspace, gateIn, type Inputs } from './gateIn.ts';
import { contents, npm, ownRepository, push } from './images.ts';
import { lockFile } from './sources.ts';

// More of bad days: incomplete.lab.test.ts (what is there and cannot be judged), killed.lab.test.ts
// (SIGKILL of Trivy, SIGINT of the step), hostile.lab.test.ts, databases.lab.test.ts (faults that end).

const lab = labContext(silent);
let trivy: string;
beforeAll(async () => {
  trivy = await lab.program('trivy');
});

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Setup {
  readonly inputs: Inputs;
  readonly env?: Readonly<Record<string, string>>;
}
type Make = (workspace: GateWorkspace) => Promise<Setup>;
type Row = [verdict: 'pass' | 'violation' | 'incomplete', words: RegExp, make: Make];

/** The registry of the database has a fault that does not end; nothing of it is in the cache. */
const database =
  (fault: Rule['fault'], path: string, second: boolean): Make =>
  async ({ temp }) => {
    const proxy = await startFaultProxy({
      target: `http://${addresses.registry}`,
      rules: [{ path: new RegExp(path), fault }],
    });
    undo.push(() => proxy[Symbol.asyncDispose]());
    const first = `${proxy.address}/lab/trivy-db:2`;
    return {
      inputs: {
        image: await push(contents.critical),
        'db-repository': second ? `${first}\n${trivyDbRepository}` : first,
        timeout: second ? '1m' : '3s',
      },
      env: { PATH: `${dirname(trivy)}:/usr/bin:/bin`, RUNNER_TOOL_CACHE: join(temp, 'tools') },
    };
  };

const faults: Record<string, [Rule['fault'], string, RegExp]> = {
  'answers 429': [tooManyRequests(), '/manifests/', /answered 429.*limits requests/],
  'answers 503': [serverError(503), '/manifests/', /answered 503/],
  'resets each connection': [{ kind: 'resetRequest' }, '/manifests/', /connection was reset/],
  'truncates the layer': [
    { kind: 'truncateAnswer', afterBytes: 'half' },
    '/blobs/',
    /database could not be had/,
  ],
  'sends another layer than the digest says': [
    { kind: 'change', answer: { body: (body) => Buffer.alloc(body.length) } },
    '/blobs/',
    /database could not be had/,
  ],
};

const ofDatabase = Object.entries(faults).flatMap(
  ([name, [fault, path, words]]): [string, Row][] => [
    [`the database's registry ${name}`, ['incomplete', words, database(fault, path, false)]],
    [
      `the database's registry ${name}, and there is a second one`,
      ['violation', /minimist 0\.0\.8/, database(fault, path, true)],
    ],
  ],
);

/** An ACR whose tokens live a second, and that is slow with what follows the manifest. */
const tokenEnds: Make = async ({ temp }) => {
  const { ca, cert, key } = await certificate(lab, 'acr', { hosts: ['localhost', '127.0.0.1'] });
  const [acr, image] = await Promise.all([
    startTestAcr(lab, { accessLifetime: 1, ports: [0] }),
    pushToAcr({ ...npm('minimist', '0.0.8'), 'etc/machine-id': randomUUID() }),
  ]);
  const fault: Rule['fault'] = { kind: 'delay', beforeForwardingMs: 2500 };
  const proxy: FaultProxy = await startFaultProxy({
    target: { url: `https://${acr.host}`, ca: readFileSync(ca, 'utf8') },
    tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
    rules: [{ path: /\/blobs\//, which: { first: 1 }, fault }],
  });
  undo.push(
    () => acr[Symbol.asyncDispose](),
    () => proxy[Symbol.asyncDispose](),
  );
  return {
    inputs: {
      image: `${proxy.address}/${image}`,
      username: tokenUser,
      password: await acrRefreshToken(lab, { oid: 'object', appid: 'application' }),
    },
    env: { NODE_EXTRA_CA_CERTS: (await authority(lab)).cert, DOCKER_CONFIG: temp },
  };
};

/** The runner's folder on a disk of its own. */
async function onDisk(size: string) {
  const disk = mkdtempSync(join(tmpdir(), 'disk-'));
  undo.push(() => rmdirSync(disk));
  await command('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
  undo.push(() => command('umount', [disk]));
  return { RUNNER_TEMP: disk };
}

const bomb = (path: string) =>
  pushImage({
    repository: ownRepository(),
    files: contents.clean,
    bomb: { path, mebibytes: 4096 },
  });

const waiver = (line: string) => `- id: CVE-2021-44906\n  owner: a\n  reason: b\n  ${line}\n`;
const waivers =
  (content: string): Make =>
  async ({ write }) => {
    write('package-lock.json', lockFile('0.0.8'));
    write('w.yaml', content);
    return { inputs: { 'scan-type': 'fs', waivers: 'w.yaml' } };
  };

const rows: Record<string, Row> = {
  ...Object.fromEntries(ofDatabase),
  'the token of the registry ends during the pull': ['violation', /minimist 0\.0\.8/, tokenEnds],
  'an image of a foreign architecture': [
    'violation',
    /minimist 0\.0\.8/,
    async () => {
      const repository = ownRepository();
      const image = { repository, files: contents.critical, architecture: 's390x' };
      return { inputs: { image: await pushImage(image) } };
    },
  ],
  'an image of another architecture than was asked for': [
    'incomplete',
    /says that it is of linux\/s390x, and linux\/amd64 was asked for/,
    async () => {
      const repository = ownRepository();
      const image = { repository, files: contents.clean, architecture: 's390x' };
      return { inputs: { image: await pushImage(image), platform: 'linux/amd64' } };
    },
  ],
  'an index without the platform': [
    'incomplete',
    /has no image for linux\/arm64\. It holds linux\/amd64/,
    async () => {
      const repository = ownRepository();
      const amd64 = await pushImage({ repository, files: contents.clean });
      const image = await pushIndex(repository, { [amd64]: 'linux/amd64' });
      return { inputs: { image, platform: 'linux/arm64' } };
    },
  ],
  'an index of which one image is not in the registry': [
    'incomplete',
    /linux\/arm64: Trivy could not scan the image\..*(404|UNKNOWN|not found)/i,
    async () => {
      const repository = ownRepository();
      const amd64 = await pushImage({ repository, files: contents.clean });
      const arm64 = await pushImage({ repository, files: contents.low, architecture: 'arm64' });
      const image = await pushIndex(repository, { [amd64]: 'linux/amd64', [arm64]: 'linux/arm64' });
      const gone = arm64.split('@')[1] ?? '';
      const proxy = await startFaultProxy({
        target: `http://${addresses.registry}`,
        rules: [{ path: new RegExp(gone), fault: { kind: 'answer', status: 404 } }],
      });
      undo.push(() => proxy[Symbol.asyncDispose]());
      return { inputs: { image: `${proxy.address}${image.slice(image.indexOf('/'))}` } };
    },
  ],
  'a file of a layer that is larger than the disk': [
    'incomplete',
    /no space left on device|ENOSPC/,
    async () => ({
      inputs: { image: await bomb('app/node_modules/tidy/package.json') },
      env: await onDisk('16m'),
    }),
  ],
  'a disk on which nothing fits': [
    'incomplete',
    /no space left on device|ENOSPC/,
    async () => ({ inputs: { image: await push(contents.clean) }, env: await onDisk('16k') }),
  ],
  'an archive bomb, with a bound': [
    'incomplete',
    /had unpacked more than 447 MiB at once, and was stopped.*max-image-size/,
    async () => ({ inputs: { image: await bomb('hello'), 'max-image-size': '100MB' } }),
  ],
  'an archive bomb that Trivy looks into, and little time': [
    'incomplete',
    /did not finish within 1 s/,
    async () => ({
      inputs: { image: await bomb('app/node_modules/tidy/package.json'), timeout: '1s' },
    }),
  ],
};

describe('a bad day:', () => {
  it.each(Object.entries(rows))(
    '%s',
    async (_, [verdict, words, make]) => {
      using workspace = gateIn();
      const { inputs, env = {} } = await make(workspace);
      const step = await workspace.gate(inputs, { env });
      const told = step.annotations.map(({ message }) => message).join('\n');
      expect({ verdict: step.outputs.verdict, told }).toEqual({
        verdict,
        told: expect.stringMatching(words),
      });
      expect(step.exitCode).toBe(verdict === 'pass' ? 0 : 1);
    },
    30_000,
  );
});

describe('a file of waivers that is wrong is told by its line, and nothing is judged by it:', () => {
  it.each<[string, string, RegExp]>([
    [
      'the same waiver twice',
      `${waiver('expires: 2099-01-01')}${waiver('expires: 2098-01-01')}`,
      /w\.yaml:5.*the waiver of line 1 is for the same/,
    ],
    ['an unknown key', waiver('expires: 2099-01-01\n  untill: x'), /w\.yaml:5.*untill/],
    ['a time without a zone', waiver('expires: 2099-01-01T12:00:00'), /w\.yaml:4.*has no zone/],
    ['a day that is none', waiver('expires: 2099-02-30'), /w\.yaml:4.*no day of the calendar/],
    ['without an owner', '- id: CVE-1\n  reason: b\n  expires: 2099-01-01\n', /w\.yaml:1.*owner/],
  ])('%s', async (_, content, words) => {
    using workspace = gateIn();
    const { inputs } = await waivers(content)(workspace);
    const step = await workspace.gate(inputs);
    expect(step.exitCode).toBe(1);
    const [first] = step.annotations;
    const { file, line } = first?.properties ?? {};
    expect(`${file}:${line} ${first?.message}`).toMatch(words);
    expect(step.outputs.verdict).not.toBe('pass');
  });
});
