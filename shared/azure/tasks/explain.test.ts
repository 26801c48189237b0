import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { explainArmError } from './explainArmError.ts';
import { explainRun } from './explainRun.ts';
import { readBlobError } from './readBlobError.ts';
import { readDigest } from './readDigest.ts';
import { readRun, type TaskRun } from './TaskRun.ts';
import { type TaskBuild, taskRequest } from './taskRequest.ts';

const registry = {
  ...{ arm: 'https://management.azure.com', subscription: 's', resourceGroup: 'g', name: 'acme' },
};

describe('explainArmError', () => {
  it.each<[number, unknown, RegExp]>([
    [
      403,
      {
        code: 'AuthorizationFailed',
        message:
          "The client 'app' with object id 'o' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/runs/cancel/action' over scope 'x'.",
      },
      /^This identity may not build in the registry acme\. Client app lacks the action Microsoft\.ContainerRegistry\/registries\/runs\/cancel\/action\./,
    ],
    [
      403,
      { code: 'TasksOperationsNotAllowed', message: '' },
      /does not let subscription s use ACR tasks/,
    ],
    [
      400,
      { code: 'Odd', message: 'Line\n::error::two' },
      /^management\.azure\.com answered 400 when asked to look\. Odd: Line ::error::two\. Check/,
    ],
    [
      503,
      { code: '', message: '' },
      /answered 503 when asked to look\. Azure had trouble; run the job again\.$/,
    ],
    [
      429,
      { code: 'TooManyRequests', message: 'Slow down.' },
      /asked too much, and still was at the deadline\. Slow down\./,
    ],
    [
      401,
      { code: 'ExpiredAuthenticationToken', message: 'Old.' },
      /does not accept the token of this login\. Old\. The token has to be for https:\/\/management\.azure\.com\/\.default/,
    ],
  ])('%s %j', (status, error, expected) => {
    const body = Buffer.from(JSON.stringify({ error }));
    expect(explainArmError('look', registry, { status, body }).message).toMatch(expected);
  });

  it('takes a page of a proxy for what it is', () => {
    const failure = explainArmError('look', registry, { status: 407, body: Buffer.from('<html>') });
    expect(failure.message).toMatch(
      /^management\.azure\.com answered 407 when asked to look\. Check/,
    );
    expect(failure.details).toBe('<html>');
  });
});

describe('explainRun', () => {
  const run = (status: TaskRun['status'], runErrorMessage?: string): TaskRun => ({
    ...{ runId: 'ca1', status, runErrorMessage },
  });
  it.each<[string, TaskRun, string, string, number | undefined]>([
    [
      'a step, by Docker',
      run('Failed'),
      "Step 3/4 : RUN make\nThe command '/bin/sh -c make all' returned a non-zero code: 2\nrun ID: ca1 failed after 5s. Error: failed during run, err: exit status 1",
      'The build stopped at `RUN make all`, which ended with exit code 2.',
      undefined,
    ],
    [
      'a step, by BuildKit',
      run('Failed'),
      'Dockerfile:7\n--------------------\nERROR: failed to solve: process "/bin/sh -c echo \\"a\\" && exit 3" did not complete successfully: exit code: 3',
      'The build stopped at `RUN echo "a" && exit 3`, which ended with exit code 3.',
      7,
    ],
    [
      'a file that is missing, by Docker',
      run('Failed'),
      'COPY failed: file not found in build context or excluded by .dockerignore: stat app.js: file does not exist',
      'app.js is not in the build context.',
      undefined,
    ],
    [
      'a file that is missing, by BuildKit',
      run('Failed'),
      'failed to compute cache key: failed to calculate checksum of ref x::y: "/app.js": not found',
      '/app.js is not in the build context.',
      undefined,
    ],
    [
      'a firewall',
      run('Failed'),
      "failed to login: denied: client with IP '20.1.2.3' is not allowed access.",
      "The firewall of the registry acme keeps ACR's own agent out.",
      undefined,
    ],
    [
      'a wrong Dockerfile',
      run('Failed'),
      'dockerfile parse error on line 3: unknown instruction: FOO',
      'The Dockerfile is wrong: unknown instruction: FOO.',
      3,
    ],
    [
      'a base image',
      run('Failed'),
      'manifest for nginx:9 not found: manifest unknown',
      'The base image nginx:9 does not exist, or may not be read.',
      undefined,
    ],
    [
      'limits',
      run('Failed'),
      'toomanyrequests: You have reached your pull rate limit.',
      'The registry of a base image lets ACR pull no more for now.',
      undefined,
    ],
    [
      'a full disk',
      run('Failed'),
      'write /x: no space left on device',
      'The build stopped because the disk of its agent is full.',
      undefined,
    ],
    [
      'nothing known',
      run('Failed'),
      'Run ID: ca1 failed after 6s. Error: failed to download context',
      'Run ca1 ended as Failed. ACR says: failed to download context.',
      undefined,
    ],
    ['nothing at all', run('Failed'), '', 'Run ca1 ended as Failed. The end', undefined],
    [
      'its time',
      run('Timeout'),
      '',
      'Run ca1 took longer than it may, and ACR stopped it.',
      undefined,
    ],
    [
      'somebody else',
      run('Canceled'),
      '',
      'Run ca1 was cancelled in Azure, not by this job.',
      undefined,
    ],
    [
      'ACR',
      run('Error', 'Internal.'),
      '',
      'Run ca1 ended as Error. ACR says: Internal. ACR had trouble',
      undefined,
    ],
  ])('%s', (_, ended, tail, expected, line) => {
    const failure = explainRun(ended, tail, registry, 'app/Dockerfile');
    expect(failure.message).toContain(expected);
    expect(failure.place).toEqual(
      line === undefined ? undefined : { file: 'app/Dockerfile', line },
    );
  });
});

describe('taskRequest', () => {
  const build: TaskBuild = { names: ['web:1'], push: true };
  const source = { location: 'tasks/x.tar.gz', dockerfile: 'Dockerfile' };
  it.each<[string, Partial<TaskBuild>, object]>([
    [
      'little',
      {},
      { platform: { os: 'Linux', architecture: 'amd64' }, arguments: [], noCache: false },
    ],
    [
      'a platform',
      { platforms: ['linux/arm64/v8'] },
      { platform: { os: 'Linux', architecture: 'arm64', variant: 'v8' } },
    ],
    [
      'windows',
      { platforms: ['windows/amd64'] },
      { platform: { os: 'Windows', architecture: 'amd64' } },
    ],
    [
      'arguments',
      {
        arguments: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2', secret: true },
        ],
      },
      {
        arguments: [
          { name: 'A', value: '1', isSecret: false },
          { name: 'B', value: '2', isSecret: true },
        ],
      },
    ],
    [
      'the rest',
      { target: 't', timeoutSeconds: 600, agentPool: 'p', cpu: 4, noCache: true, push: false },
      {
        target: 't',
        timeout: 600,
        agentPoolName: 'p',
        agentConfiguration: { cpu: 4 },
        noCache: true,
        isPushEnabled: false,
      },
    ],
  ])('says %s', (_, more, expected) => {
    expect(taskRequest({ ...build, ...more }, source)).toMatchObject({
      ...{ type: 'DockerBuildRequest', imageNames: ['web:1'], sourceLocation: 'tasks/x.tar.gz' },
      ...expected,
    });
  });

  it.each<[Partial<TaskBuild>, string]>([
    [{ platforms: ['linux/amd64', 'linux/arm64'] }, 'for one platform'],
    [{ platforms: ['linux/riscv64'] }, 'do not build for "linux/riscv64"'],
    [{ timeoutSeconds: 60 }, 'do not take a timeout of 60 s'],
  ])('refuses %j', (more, why) => {
    expect(() => taskRequest({ ...build, ...more }, source)).toThrow(why);
  });
});

describe('readDigest', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const run = (...tags: [string, string?][]): TaskRun => ({
    ...{ runId: 'ca1', status: 'Succeeded' },
    outputImages: tags.map(([tag, own = digest]) => ({ repository: 'web', tag, digest: own })),
  });
  it('takes that of all our names', () => {
    expect(readDigest(run(['1'], ['2'], ['base', 'other']), ['web:1', 'web:2'], registry)).toBe(
      digest,
    );
  });
  it.each([
    ['a name is missing', run(['1']), 'It names no image web:2'],
    ['they differ', run(['1'], ['2', 'x']), 'It names none, or more than one'],
  ])('refuses when %s', (_, ended, why) => {
    expect(() => readDigest(ended, ['web:1', 'web:2'], registry)).toThrow(why);
  });
});

describe('readRun', () => {
  it.each<[unknown, string | undefined]>([
    [{ properties: { runId: 'ca1', status: 'Failed' } }, 'Failed'],
    [{ properties: { runId: 'ca1', status: 'Unheard' } }, 'Running'],
    [{ properties: { runId: 'ca1', status: 'Queued', outputImages: null } }, 'Queued'],
    [{ properties: { runId: '../x', status: 'Failed' } }, undefined],
    [{ error: {} }, undefined],
    ['text', undefined],
  ])('%j', (value, status) => {
    expect(readRun(value)?.status).toBe(status);
  });
});

describe('readBlobError', () => {
  it('finds code and first line', () => {
    const body = Buffer.from(
      '<Error><Code>AuthenticationFailed</Code><Message>Signed wrong.\nRequestId:1</Message></Error>',
    );
    expect(readBlobError({ headers: {}, body })).toEqual({
      code: 'AuthenticationFailed',
      message: 'Signed wrong',
    });
  });
});
