import {
  ContainerRegistryManagementClient,
  type DockerBuildRequest,
} from '@azure/arm-containerregistry';
import { AnonymousCredential, AppendBlobClient, BlockBlobClient } from '@azure/storage-blob';
import { describe, expect, it } from '@jest/globals';
import { ArmError } from './arm/ArmError.ts';
import { type ArmOptions, type ArmServer, startArm } from './arm.ts';

const subscription = '44444444-4444-4444-8444-444444444444';
const digest = `sha256:${'a'.repeat(64)}`;
const here = { subscription, resourceGroup: 'build', name: 'acme', loginServer: 'acme.azurecr.io' };
const request: DockerBuildRequest = {
  type: 'DockerBuildRequest',
  imageNames: ['web:1'],
  isPushEnabled: true,
  dockerFilePath: 'Dockerfile',
  platform: { os: 'Linux' },
  sourceLocation: '',
};

/** The text that was uploaded is the log; `fail` fails. */
const start = (options: Partial<ArmOptions> = {}) =>
  startArm({
    registries: [here, { ...here, name: 'free', tasks: false }],
    async verify(token) {
      if (token === 'expired') throw ArmError.expiredToken();
      if (token !== 'good') throw ArmError.badToken();
      return { client: 'app', object: 'object' };
    },
    async build({ archive, write }) {
      write(archive.toString());
      if (archive.toString() === 'fail') throw new Error('failed during run, err: exit status 1');
      return digest;
    },
    queuedMs: 0,
    ...options,
  });

/** Azure's own client; it wants TLS for a token, and the double has none here. */
function client(arm: ArmServer, token = 'good', id = subscription) {
  const credential = {
    getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3600_000 }),
  };
  const made = new ContainerRegistryManagementClient(credential, id, {
    endpoint: arm.url,
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
  made.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  made.pipeline.addPolicy({
    name: 'token',
    sendRequest(sent, next) {
      sent.allowInsecureConnection = true;
      if (token !== '') sent.headers.set('authorization', `Bearer ${token}`);
      return next(sent);
    },
  });
  return made;
}

async function ended(arm: ArmServer, text: string) {
  const { registries, runs } = client(arm);
  const { uploadUrl = '', relativePath = '' } = await registries.getBuildSourceUploadUrl(
    'build',
    'acme',
  );
  await new BlockBlobClient(uploadUrl).upload(text, text.length);
  const { runId = '' } = await registries.beginScheduleRunAndWait('build', 'acme', {
    ...request,
    sourceLocation: relativePath,
  } as DockerBuildRequest);
  for (;;) {
    const run = await runs.get('build', 'acme', runId);
    if (run.finishTime) return run;
  }
}

describe("ARM's tasks, by Azure's own clients", () => {
  it('upload, build, show the log, and tell the digest', async () => {
    await using arm = await start();
    const run = await ended(arm, 'Step 1/1 : FROM scratch');
    expect(run).toMatchObject({
      status: 'Succeeded',
      outputImages: [{ registry: 'acme.azurecr.io', repository: 'web', tag: '1', digest }],
    });
    const { logLink = '' } = await client(arm).runs.getLogSasUrl('build', 'acme', run.runId ?? '');
    const log = new AppendBlobClient(logLink, new AnonymousCredential());
    expect((await log.getProperties()).metadata).toEqual({ complete: 'successful' });
    expect((await log.downloadToBuffer()).toString()).toMatch(
      /Downloading source code\.\.\.\r\n[\s\S]*Step 1\/1 : FROM scratch\r\n[\s\S]*Run ID: ca1 was successful after \d+s\r\n$/,
    );
    const listed = [];
    for await (const one of client(arm).runs.list('build', 'acme')) listed.push(one.runId);
    expect(listed).toEqual(['ca1']);
  });

  it('take a context in blocks', async () => {
    await using arm = await start();
    const { uploadUrl = '' } = await client(arm).registries.getBuildSourceUploadUrl(
      'build',
      'acme',
    );
    const blob = new BlockBlobClient(uploadUrl);
    const id = (text: string) => Buffer.from(text).toString('base64');
    await blob.stageBlock(id('1'), 'first ', 6);
    await blob.stageBlock(id('2'), 'second', 6);
    await expect(blob.stageBlock(id('three'), 'x', 1)).rejects.toMatchObject({
      code: 'InvalidBlobOrBlock',
    });
    await expect(blob.commitBlockList([id('9')])).rejects.toMatchObject({
      code: 'InvalidBlockList',
    });
    await blob.commitBlockList([id('1'), id('2')]);
    await expect(blob.download()).rejects.toMatchObject({ statusCode: 403 });
  });

  it('fail as the build fails', async () => {
    await using arm = await start();
    const run = await ended(arm, 'fail');
    expect(run.status).toBe('Failed');
    expect(run.outputImages).toBeUndefined();
  });

  it('are cancelled while they wait', async () => {
    await using arm = await start({
      build: ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        ),
      queuedMs: 20,
    });
    const { registries, runs } = client(arm);
    const begin = () =>
      registries.beginScheduleRunAndWait('build', 'acme', {
        ...request,
        sourceLocation: 'x',
      } as DockerBuildRequest);
    const { runId: waiting = '' } = await begin();
    await runs.beginCancelAndWait('build', 'acme', waiting);
    expect((await runs.get('build', 'acme', waiting)).status).toBe('Canceled');
  });

  it.each<[string, Partial<ArmOptions>, (arm: ArmServer) => Promise<unknown>, number, string]>([
    [
      'no token',
      {},
      (arm) => client(arm, '').runs.get('build', 'acme', 'x'),
      401,
      'AuthenticationFailed',
    ],
    [
      'a wrong token',
      {},
      (arm) => client(arm, 'x').runs.get('build', 'acme', 'x'),
      401,
      'InvalidAuthenticationToken',
    ],
    [
      'an old token',
      {},
      (arm) => client(arm, 'expired').runs.get('build', 'acme', 'x'),
      401,
      'ExpiredAuthenticationToken',
    ],
    [
      'another subscription',
      {},
      (arm) =>
        client(arm, 'good', subscription.replaceAll('4', '5')).runs.get('build', 'acme', 'x'),
      404,
      'SubscriptionNotFound',
    ],
    [
      'another group',
      {},
      (arm) => client(arm).runs.get('other', 'acme', 'x'),
      404,
      'ResourceGroupNotFound',
    ],
    [
      'another registry',
      {},
      (arm) => client(arm).runs.get('build', 'other', 'x'),
      404,
      'ResourceNotFound',
    ],
    ['another run', {}, (arm) => client(arm).runs.get('build', 'acme', 'x'), 404, 'RunNotFound'],
    [
      'no right',
      { actions: ['Microsoft.ContainerRegistry/registries/runs/read'] },
      (arm) => client(arm).registries.getBuildSourceUploadUrl('build', 'acme'),
      403,
      'AuthorizationFailed',
    ],
    [
      'a free subscription',
      {},
      (arm) => client(arm).registries.getBuildSourceUploadUrl('build', 'free'),
      403,
      'TasksOperationsNotAllowed',
    ],
    [
      'a pool that is not there',
      {},
      (arm) =>
        client(arm).registries.beginScheduleRunAndWait('build', 'acme', {
          ...request,
          agentPoolName: 'p',
          sourceLocation: 'x',
        } as DockerBuildRequest),
      404,
      'ResourceNotFound',
    ],
  ])('refuse %s', async (_, options, ask, statusCode, code) => {
    await using arm = await start(options);
    await expect(ask(arm)).rejects.toMatchObject({ statusCode, code });
  });
});

describe("ARM's copies, by Azure's own client", () => {
  const source = { registryUri: 'dev.azurecr.io', sourceImage: `web@${digest}` };

  it('go on until they are done', async () => {
    const copied: unknown[] = [];
    await using arm = await start({ copy: async (work) => void copied.push(work) });
    await client(arm).registries.beginImportImageAndWait(
      'build',
      'acme',
      { source, untaggedTargetRepositories: ['web'], mode: 'NoForce' },
      { updateIntervalInMs: 10 },
    );
    expect(copied).toMatchObject([
      { from: 'dev.azurecr.io', target: here, request: { source, mode: 'NoForce' } },
    ]);
  });

  it('fail as the copy fails', async () => {
    await using arm = await start();
    const begun = client(arm).registries.beginImportImageAndWait(
      'build',
      'acme',
      { source, targetTags: ['web:1'] },
      { updateIntervalInMs: 10 },
    );
    await expect(begun).rejects.toThrow('no registry answers');
  });
});

describe('the ARM double', () => {
  const post = async (
    arm: ArmServer,
    query: string,
    body: unknown,
    { verb = 'scheduleRun', headers = {} } = {},
  ) => {
    const path = `/subscriptions/${subscription}/resourceGroups/build/providers/Microsoft.ContainerRegistry/registries/acme/${verb}${query}`;
    const response = await fetch(`${arm.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', ...headers },
      body: JSON.stringify(body),
    });
    const { error } = (await response.json()) as { error?: { code: string; message: string } };
    return { status: response.status, ...error };
  };
  const version = '?api-version=2019-06-01-preview';
  const full = { ...request, sourceLocation: 'x' };

  it.each<[string, string, unknown, string]>([
    ['without a version', '', full, 'MissingApiVersionParameter'],
    ['of a version without tasks', '?api-version=2023-07-01', full, 'NoRegisteredProviderFound'],
    ['with a field that it does not know', version, { ...full, tags: {} }, 'InvalidRequestContent'],
    ['without a platform', version, { ...full, platform: undefined }, 'InvalidRequestContent'],
    ['with a timeout of a second', version, { ...full, timeout: 1 }, 'InvalidRequestContent'],
    [
      'with pools in a version without',
      '?api-version=2019-04-01',
      { ...full, agentPoolName: 'p' },
      'InvalidRequestContent',
    ],
  ])('refuses a request %s', async (_, query, body, code) => {
    await using arm = await start();
    expect(await post(arm, query, body)).toMatchObject({ code });
  });

  const json = { 'content-type': 'application/json' };
  const source = { registryUri: 'dev.azurecr.io', sourceImage: `web@${digest}` };
  const copy = { source, untaggedTargetRepositories: ['web'] };
  const here2023 = '?api-version=2023-07-01';
  const id = `/subscriptions/${subscription}/resourceGroups/build/providers/Microsoft.ContainerRegistry/registries/none`;

  it.each<[string, string, unknown, Record<string, string>, string]>([
    ['without a version', '', copy, json, 'MissingApiVersionParameter'],
    ['of a version without copies', '?api-version=2018-09-01', copy, json, 'NoRegistered'],
    ['without a content type', here2023, copy, {}, 'UnsupportedMediaType'],
    ['with a field that it does not know', here2023, { ...copy, tags: [] }, json, 'InvalidRequest'],
    ['without a source', here2023, { ...copy, source: undefined }, json, 'InvalidRequestContent'],
    ['without a target', here2023, { source }, json, 'InvalidRequestContent'],
    ['of a mode that is none', here2023, { ...copy, mode: 'force' }, json, 'InvalidRequestContent'],
    [
      'of two sources',
      here2023,
      { ...copy, source: { ...source, resourceId: id } },
      json,
      'InvalidRequestContent',
    ],
    [
      'of an image with its host',
      here2023,
      { ...copy, source: { ...source, sourceImage: `dev.azurecr.io:5000/web@${digest}` } },
      json,
      'InvalidRequestContent',
    ],
    [
      'of a resource that is not there',
      here2023,
      { ...copy, source: { resourceId: id, sourceImage: 'web' } },
      json,
      'ResourceNotFound',
    ],
  ])('refuses a copy %s', async (_, query, body, headers, code) => {
    await using arm = await start();
    const answer = await post(arm, query, body, { verb: 'importImage', headers });
    expect(answer).toMatchObject({ code: expect.stringContaining(code) });
  });

  it.each<[string, (url: string) => string, RequestInit, number, string]>([
    ['without a kind', (url) => url, {}, 400, 'MissingRequiredHeader'],
    [
      'of another kind',
      (url) => url,
      { headers: { 'x-ms-blob-type': 'PageBlob' } },
      400,
      'InvalidHeaderValue',
    ],
    [
      'with a wrong sum',
      (url) => url,
      { headers: { 'x-ms-blob-type': 'BlockBlob', 'content-md5': 'AAAA' } },
      400,
      'Md5Mismatch',
    ],
    [
      'with a changed signature',
      (url) => url.replace(/sig=.{4}/, 'sig=AAAA'),
      {},
      403,
      'AuthenticationFailed',
    ],
    ['to another blob', (url) => url.replace('.tar.gz', 'x'), {}, 403, 'AuthenticationFailed'],
    ['without a signature', (url) => url.replace(/\?.*/, ''), {}, 404, 'ResourceNotFound'],
    [
      'with an unclean block id',
      (url) => `${url}&comp=block&blockid=%2F%2F`,
      {},
      400,
      'InvalidQueryParameterValue',
    ],
  ])('refuses an upload %s', async (_, change, init, status, code) => {
    await using arm = await start();
    const { uploadUrl = '' } = await client(arm).registries.getBuildSourceUploadUrl(
      'build',
      'acme',
    );
    const response = await fetch(change(uploadUrl), { method: 'PUT', body: 'x', ...init });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-ms-error-code')).toBe(code);
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });

  it('lets no signature be used after its time', async () => {
    await using arm = await start({ sasSeconds: -1 });
    const { uploadUrl = '' } = await client(arm).registries.getBuildSourceUploadUrl(
      'build',
      'acme',
    );
    const response = await fetch(uploadUrl, { method: 'PUT', body: 'x' });
    expect(await response.text()).toContain('not valid in the specified time frame');
  });
});

describe("ARM's credentials of clusters", () => {
  const cluster = {
    ...{ subscription, resourceGroup: 'platform', name: 'acme' },
    ...{ server: 'https://aks.test', ca: 'pem', tenant: 'acme.test' },
  };
  const path = `/subscriptions/${subscription}/resourceGroups/PLATFORM/providers/Microsoft.ContainerService/managedClusters/acme`;

  async function ask(
    verb: string,
    query: string,
    options: Partial<ArmOptions> = {},
    method = 'POST',
  ) {
    await using arm = await start({ clusters: [cluster], ...options });
    const headers = { authorization: 'Bearer good' };
    const response = await fetch(`${arm.url}${path}/${verb}?${query}`, { method, headers });
    const body = (await response.json()) as {
      error?: { code: string };
      kubeconfigs?: { name: string; value: string }[];
    };
    const [first] = body.kubeconfigs ?? [];
    return {
      said: `${response.status} ${body.error?.code ?? first?.name}`,
      user: first && JSON.parse(atob(first.value)).users[0].user,
    };
  }
  const version = 'api-version=2024-09-01';

  it.each<[string, string, Partial<ArmOptions>, string]>([
    ['listClusterUserCredential', `${version}&format=exec`, {}, '200 clusterUser'],
    ['listClusterUserCredential', '', {}, '400 MissingApiVersionParameter'],
    ['listClusterUserCredential', 'api-version=2019-04-01', {}, '400 NoRegisteredProviderFound'],
    ['listClusterUserCredential', `${version}&format=yaml`, {}, '400 InvalidRequestContent'],
    ['listClusterUserCredential', version, { actions: [] }, '403 AuthorizationFailed'],
    ['listClusterAdminCredential', version, {}, '400 BadRequest'],
    ['runCommand', version, {}, '404 InvalidResourceType'],
  ])('%s?%s with %j', async (verb, query, options, said) => {
    expect((await ask(verb, query, options)).said).toBe(said);
  });

  it('names kubelogin where people are those of Entra, and is only asked by POST', async () => {
    const { user } = await ask('listClusterUserCredential', `${version}&format=exec`);
    expect(user.exec).toMatchObject({ command: 'kubelogin', provideClusterInfo: false });
    const got = await ask('listClusterUserCredential', version, {}, 'GET');
    expect(got.said).toMatch(/^404/);
  });

  it('holds a token where the cluster has accounts of its own', async () => {
    const options = { clusters: [{ ...cluster, localToken: 'local' }] };
    const { said, user } = await ask('listClusterAdminCredential', version, options);
    expect([said, user]).toEqual(['200 clusterAdmin', { token: 'local' }]);
  });
});
