import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BatchV1Api } from '@kubernetes/client-node';
import { create } from 'tar';
import { silent } from '../../../shared/log/Log.ts';
import { run } from '../../../shared/process/run.ts';
import { provideTool } from '../../../shared/tools/provideTool.ts';
import { addresses } from '../../lab/addresses.ts';
import { testServer } from '../../lab/testServer.ts';
import { startAction } from '../startAction.ts';
import {
  apps,
  busybox,
  chart,
  config,
  core,
  deploy,
  kubeconfig,
  namespace,
  revisions,
} from './cluster.ts';
import { workspaceOf } from './workspaceOf.ts';

const batch = config.makeApiClient(BatchV1Api);

const sha256 = (content: Uint8Array) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A chart repository with the test chart, and what a page, a proxy or a thief would put there. */
async function repository() {
  using folder = workspaceOf({});
  const file = join(folder.path, 'web.tgz');
  await create({ file, gzip: true, cwd: chart, prefix: 'web' }, [
    'Chart.yaml',
    'values.yaml',
    'templates',
  ]);
  const archive = readFileSync(file);
  const entry = (version: string, url: string) => ({
    apiVersion: 'v2',
    name: 'web',
    version,
    urls: [url],
  });
  const index = {
    apiVersion: 'v1',
    entries: {
      web: [
        entry('1.0.0', 'web-1.0.0.tgz'),
        entry('0.9.0', 'page.tgz'),
        entry('0.8.0', 'gone.tgz'),
      ],
    },
  };
  const url = await testServer((request, response) => {
    const path = request.url ?? '';
    if (path === '/index.yaml') response.end(JSON.stringify(index));
    else if (path === '/web-1.0.0.tgz') response.end(archive);
    else if (path.startsWith('/page')) response.end('<!doctype html><title>Sign in</title>');
    else response.writeHead(404).end('<html>none</html>');
  });
  return { url: url.replace(/\/$/, ''), digest: sha256(archive) };
}

/** Pushes the test chart into the lab's registry; gives its digest. */
async function pushChart(repository: string): Promise<string> {
  using folder = workspaceOf({});
  const file = join(folder.path, 'web-1.0.0.tgz');
  await create({ file, gzip: true, cwd: chart, prefix: 'web' }, [
    ...['Chart.yaml', 'values.yaml', 'templates'],
  ]);
  const { path } = await provideTool('helm', { env: process.env, log: silent });
  const { stdout, stderr } = await run({
    program: path,
    args: ['push', file, `oci://${addresses.registry}/${repository}`, '--plain-http'],
    env: { PATH: '/usr/bin:/bin', HOME: folder.path },
  });
  return /sha256:[a-f0-9]{64}/.exec(stdout + stderr)?.[0] ?? stderr;
}

describe('a chart that is fetched', () => {
  it('is resolved once, and shown with its version and digest', async () => {
    await using space = await namespace();
    const { url, digest } = await repository();
    const step = await deploy(
      space.name,
      {},
      {
        inputs: { chart: 'web', repository: url, chartVersion: '^1' },
      },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({
      ...{ revision: '1', status: 'deployed' },
      'chart-resolved': `web 1.0.0 ${digest}`,
    });
    expect(step.log).toContain('It is not pinned: ^1 is not one version.');
  }, 120_000);

  it('by its address, with the digest that it has to have', async () => {
    await using space = await namespace();
    const { url, digest } = await repository();
    const step = await deploy(
      space.name,
      {},
      {
        inputs: { chart: `${url}/web-1.0.0.tgz`, 'chart-digest': digest },
      },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs.status).toBe('deployed');
  }, 120_000);

  it('of a registry, by its digest', async () => {
    await using space = await namespace();
    const pushed = await pushChart(space.name);
    const step = await deploy(
      space.name,
      {},
      { inputs: { chart: `oci://${addresses.registry}/${space.name}/web@${pushed}` } },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({
      ...{ status: 'deployed', 'chart-resolved': `web 1.0.0 ${pushed}` },
    });
  }, 120_000);

  it.each<[string, (url: string) => Record<string, string>, string]>([
    [
      'no version where one is required',
      (repository) => ({ chart: 'web', repository, 'require-pinned': 'true' }),
      'Input chart: web is not pinned, and require-pinned is set. It has no version.',
    ],
    [
      'an image by tag where a digest is required',
      (repository) => ({
        ...{ chart: 'web', repository, 'chart-version': '1.0.0', 'require-pinned': 'true' },
      }),
      `Images are not pinned, and require-pinned is set: ${busybox}.`,
    ],
    [
      'another digest',
      (url) => ({ chart: `${url}/web-1.0.0.tgz`, 'chart-digest': `sha256:${'a'.repeat(64)}` }),
      'is another chart than it has to be; nothing was changed. Its digest is sha256:',
    ],
    [
      'a page for an index',
      (url) => ({ chart: 'web', repository: `${url}/page` }),
      '/page is not a chart repository.',
    ],
    [
      'nothing for an index',
      (url) => ({ chart: 'web', repository: `${url}/none` }),
      '/none is not a chart repository. Looks like',
    ],
    [
      'a page for an archive',
      (repository) => ({ chart: 'web', repository, 'chart-version': '0.9.0' }),
      'gives is no archive. It begins with "<!doctype html>',
    ],
    [
      'nothing for an archive',
      (repository) => ({ chart: 'web', repository, 'chart-version': '0.8.0' }),
      'answers 404.',
    ],
    [
      'a version that is not there',
      (repository) => ({ chart: 'web', repository, 'chart-version': '3.0.0' }),
      'has no web 3.0.0.',
    ],
    ['a chart that is not there', (repository) => ({ chart: 'wbe', repository }), 'has no wbe.'],
  ])(
    '%s',
    async (_name, inputs, said) => {
      const { url } = await repository();
      const step = await startAction('helm-deploy', {
        inputs: { release: 'bad-charts', kubeconfig, ...inputs(url) },
      });
      expect(step.annotations).toMatchObject([
        { level: 'error', message: expect.stringContaining(said) },
      ]);
      expect(step.exitCode).toBe(1);
    },
    60_000,
  );
});

describe('values', () => {
  it('are merged in their order, and secrets come to the byte', async () => {
    await using space = await namespace();
    const password = 'ab/cd==\n"quoted" \'single\' {{ .Values }} &amp; ünï 😀 \\n\t$HOME';
    using folder = workspaceOf({
      'a.yaml': 'replicas: 5\npassword: from a file\nenv: [{name: FROM, value: a}]\n',
      'b.yaml': 'replicas: 4\n',
    });
    const step = await startAction('helm-deploy', {
      workspace: folder.path,
      inputs: {
        ...{ chart, release: 'web', namespace: space.name, timeout: '60s', kubeconfig },
        'value-files': 'a.yaml\nb.yaml',
        values: 'replicas: 3\npassword: from values',
        set: 'replicas=1\npassword=from set',
        'secret-values': JSON.stringify({ password }),
      },
    });
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    const { spec } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    expect(spec?.replicas).toBe(1);
    expect(spec?.template.spec?.containers[0]?.env).toEqual([{ name: 'FROM', value: 'a' }]);
    const { data } = await core.readNamespacedSecret({ namespace: space.name, name: 'web' });
    expect(Buffer.from(data?.password ?? '', 'base64').toString()).toBe(password);
    expect(step.masks).toContain('ab/cd==');
    expect(step.log.replaceAll(/::add-mask::.*/g, '') + step.summary).not.toContain('ab/cd==');
  }, 120_000);

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a mapping where the chart has text',
      { values: 'replicas: 1\nimage:\n  repository: r\n  tag: "1"' },
      [
        'error Input values:2: image is a mapping, and the chart has text there (web/values.yaml:1).',
      ],
    ],
    [
      'text where the chart has a mapping',
      { 'value-files': 'wrong.yaml', set: 'command.x=1' },
      [
        'error Input set: command is a mapping, and the chart has a list there (web/values.yaml:4).',
      ],
    ],
    [
      'a key that the chart does not know',
      { values: 'imge: x', 'unknown-values': 'fail' },
      ['error Input values:1: imge: the chart web does not know this key. Did you mean image?'],
    ],
    [
      'a file with tabs',
      { 'value-files': 'tabs.yaml' },
      ['error Input value-files: tabs.yaml is not a YAML mapping: line 2: Tabs'],
    ],
    [
      'a file of 10 MB',
      { 'value-files': 'large.yaml' },
      ['error Input value-files: large.yaml has 10 MiB; values may have 4 MiB'],
    ],
    [
      'aliases without end',
      { 'value-files': 'bomb.yaml' },
      ['error Input value-files: bomb.yaml is not a YAML mapping: Excessive alias count'],
    ],
    [
      'secrets that are no mapping',
      { 'secret-values': 'hidden: [' },
      ['error Input secret-values: is not a YAML mapping: line 1.'],
    ],
    [
      'a version of a chart in the workspace',
      { 'chart-version': '1' },
      ['error Input chart: lies in the workspace'],
    ],
  ])(
    '%s',
    async (_name, inputs, said) => {
      const level = (from: string, to: string) =>
        `${to}: [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]\n`;
      using folder = workspaceOf({
        'wrong.yaml': 'replicas: 1\n',
        'tabs.yaml': 'a:\n\tb: 1\n',
        'large.yaml': `a: ${'x'.repeat(10 * 1024 * 1024)}\n`,
        'bomb.yaml': `a: &a [x]\n${level('a', 'b').replace('[', '&b [')}${level('b', 'c').replace('[', '&c [')}${level('c', 'd')}`,
      });
      const step = await startAction('helm-deploy', {
        workspace: folder.path,
        inputs: { chart, release: 'bad-values', kubeconfig, ...inputs },
      });
      expect(step.annotations.map(({ level: one, message }) => `${one} ${message}`)).toEqual(
        said.map((line) => expect.stringContaining(line)),
      );
      expect(step.exitCode).toBe(1);
      expect(step.log).not.toContain('hidden');
    },
    60_000,
  );

  it('a key that the chart does not know is a warning, on its line; anchors are read', async () => {
    await using space = await namespace();
    using folder = workspaceOf({
      'a.yaml': 'x: &x {memory: 64Mi}\nreplicas: 1\nrepicas: 2\nresources: {limits: {<<: *x}}\n',
    });
    const step = await startAction('helm-deploy', {
      workspace: folder.path,
      inputs: {
        ...{ chart, release: 'web', namespace: space.name, timeout: '60s', kubeconfig },
        'value-files': 'a.yaml',
      },
    });
    expect(step.annotations).toMatchObject([
      {
        ...{ level: 'warning', properties: { file: 'a.yaml', line: '3' } },
        message: 'a.yaml:3: repicas: the chart web does not know this key. Did you mean replicas?',
      },
    ]);
  }, 60_000);
});

describe('images', () => {
  it.each<['4' | '3']>([['4'], ['3']])(
    'by name, where the chart has no value for it (Helm %s)',
    async (version) => {
      await using space = await namespace();
      using folder = workspaceOf({
        'c/Chart.yaml': 'apiVersion: v2\nname: fixed\nversion: 1.0.0\n',
        'c/values.yaml': '{}\n',
        'c/templates/web.yaml': fixed,
      });
      const digest = await digestOf();
      const run = (images: string) =>
        startAction('helm-deploy', {
          workspace: folder.path,
          inputs: {
            ...{ chart: 'c', release: 'web', namespace: space.name, timeout: '60s', kubeconfig },
            ...{ images, 'helm-version': version },
          },
        });
      const step = await run(`busybox=${busybox.replace(':1.36', '')}@${digest}`);
      expect(step.annotations).toEqual([]);
      expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
      const { spec } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
      const { initContainers = [], containers = [] } = spec?.template.spec ?? {};
      for (const { image } of [...initContainers, ...containers]) {
        expect(image).toBe(`${busybox.replace(':1.36', '')}@${digest}`);
      }
      const wrong = await run(`nginx=${busybox.replace(':1.36', '')}@${digest}`);
      expect(wrong.annotations).toMatchObject([
        { message: expect.stringContaining(`Its containers have ${busybox}`) },
      ]);
    },
    120_000,
  );

  it('by name, in hooks too', async () => {
    await using space = await namespace();
    const reference = `${busybox.replace(':1.36', '')}@${await digestOf()}`;
    const step = await deploy(
      space.name,
      { migrate: ['true'] },
      { inputs: { images: `library/busybox=${reference}` } },
    );
    expect(step.annotations).toEqual([]);
    const jobs = await batch.listNamespacedJob({ namespace: space.name });
    const { spec } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    for (const one of [spec?.template.spec, jobs.items[0]?.spec?.template.spec]) {
      expect(one?.containers[0]?.image).toBe(reference);
    }
  }, 120_000);

  it('a tag is resolved once', async () => {
    await using space = await namespace();
    const step = await deploy(space.name, {}, { inputs: { images: `image=${busybox}` } });
    expect(step.annotations).toEqual([]);
    const digest = await digestOf();
    expect(step.log).toContain(`Image ${busybox} is ${digest}`);
    const { spec } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    expect(spec?.template.spec?.containers[0]?.image).toContain(`@${digest}`);
  }, 120_000);

  it('a value that no template uses: ready, and still undone', async () => {
    await using space = await namespace();
    using folder = workspaceOf({
      'c/Chart.yaml': 'apiVersion: v2\nname: fixed\nversion: 1.0.0\n',
      'c/values.yaml': 'image: {repository: x, digest: ""}\n',
      'c/templates/web.yaml': fixed,
    });
    const digest = await digestOf();
    const step = await startAction('helm-deploy', {
      workspace: folder.path,
      inputs: {
        ...{ chart: 'c', release: 'web', namespace: space.name, timeout: '60s', kubeconfig },
        images: `image=${busybox.replace(':1.36', '')}@${digest}`,
      },
    });
    expect(step.annotations).toMatchObject([
      { message: expect.stringContaining(`runs ${busybox}, and \`images\` gave`) },
    ]);
    expect(step.outputs.status).toBe('uninstalled');
    expect(await revisions(space.name)).toEqual([]);
  }, 120_000);
});

const fixed = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      initContainers: [{name: first, image: ${busybox}, command: ["true"]}]
      containers: [{name: web, image: "${busybox}", command: [sleep, "3600"]}]
`;

/** Of the lab's busybox, as its registry tells. */
async function digestOf(): Promise<string> {
  const [host, name] = busybox.replace(':1.36', '').split(/\/(.*)/);
  const response = await fetch(`http://${host}/v2/${name}/manifests/1.36`, {
    method: 'HEAD',
    headers: {
      accept:
        'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  return response.headers.get('docker-content-digest') ?? '';
}
