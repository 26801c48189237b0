import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { recordTag } from '../../../actions/build-push-image/src/unchanged/buildRecord.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { attachByTag } from '../../../shared/oci/attachByTag.ts';
import { type PinnedReference, parseReference } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { startTestArm } from '../../lab/doubles/arm/startTestArm.ts';
import type { ArmOptions } from '../../lab/doubles/arm.ts';
import { jobEnvironment, labIdentity } from '../../lab/doubles/labDoubles.ts';
import { startFaultProxy } from '../../lab/faults/faultProxy.ts';
import type { Rule } from '../../lab/faults/Rule.ts';
import { labContext } from '../../lab/lab.ts';
import { pushImage } from '../../lab/registry/pushImage.ts';
import { startAction } from '../startAction.ts';
import { builder, digestOf, workspace } from './workspace.ts';

const dockerfile = 'FROM busybox:1.36\nARG WHO=nobody\nRUN echo "hello $WHO" > /hello\n';
const somewhere = () => `deeds/${randomBytes(4).toString('hex')}`;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

describe('bake', () => {
  const files = {
    Dockerfile: dockerfile,
    'docker-bake.hcl': `
variable "WHO" { default = "nobody" }
group "default" { targets = ["web", "api"] }
target "docker-metadata-action" {}
target "web" {
  inherits = ["docker-metadata-action"]
  args = { WHO = WHO }
}
target "api" {
  dockerfile-inline = "FROM busybox:1.36\\nRUN --mount=type=secret,id=key test \\"$(cat /run/secrets/key)\\" = 'k3y of the test'"
  tags = ["\${REGISTRY}:1"]
}
variable "REGISTRY" { default = "" }
`,
  };

  it('builds and pushes its targets; those that inherit get names from the inputs', async () => {
    using space = workspace(files);
    const api = `${space.image}-api`;
    const step = await space.build({
      inputs: { 'bake-file': 'docker-bake.hcl', tags: '1.4.2', secrets: 'key=k3y of the test' },
      env: { WHO: 'the world', REGISTRY: api },
    });
    expect(step.annotations).toEqual([]);
    expect(step.exitCode).toBe(0);
    expect(JSON.parse(step.outputs.json ?? '')).toEqual({
      web: `${space.image}@${await digestOf(space.image, '1.4.2')}`,
      api: `${api}@${await digestOf(api, '1')}`,
    });
    expect(step.outputs.digest).toBeUndefined();
    expect(step.outputs.tags?.split('\n').sort()).toEqual(
      [`${api}:1`, `${space.image}:1.4.2`].sort(),
    );
    expect(Object.keys(JSON.parse(step.outputs.metadata ?? ''))).toEqual(
      expect.arrayContaining(['web', 'api']),
    );
    expect(step.log).toContain('hello the world');
    expect(step.log.replaceAll(/::add-mask::.*/g, '')).not.toContain('k3y of the test');
    expect(step.summary).toContain('2 targets built');
  }, 90_000);

  it('of one target hands on its digest, with what is set over the file', async () => {
    using space = workspace(files);
    const step = await space.build({
      inputs: {
        'bake-file': 'docker-bake.hcl',
        'bake-targets': 'web',
        'bake-set': 'web.args.WHO=one, and another',
        tags: '1',
      },
    });
    expect(step.exitCode).toBe(0);
    expect(step.outputs.reference).toBe(`${space.image}@${await digestOf(space.image, '1')}`);
    expect(step.log).toContain('hello one, and another');
  }, 60_000);

  it.each<[string, Record<string, string>, string]>([
    ['a target that is not there', { 'bake-targets': 'nope' }, 'The bake file cannot be used. '],
    [
      'a secret as an argument',
      { 'bake-set': 'web.args.API_TOKEN=x' },
      'Input bake-set: API_TOKEN should be a secret',
    ],
    ['two deeds', { promote: 'x' }, 'Inputs bake-file and promote are given together'],
    ['no such file', { 'bake-file': 'nope.hcl' }, 'Input bake-file: "nope.hcl" is not a file'],
    [
      'a target without a tag',
      { 'bake-targets': 'api', 'bake-set': 'api.tags=' },
      'The target api has no tag',
    ],
  ])('tells of %s', async (_, inputs, said) => {
    using space = workspace(files);
    const step = await space.build({ inputs: { 'bake-file': 'docker-bake.hcl', ...inputs } });
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining(said) },
    ]);
  });

  it('that fails names the step and the line of its Dockerfile', async () => {
    using space = workspace({
      'web/Dockerfile': 'FROM busybox:1.36\nRUN exit 7\n',
      'docker-bake.json': JSON.stringify({
        target: { default: { context: 'web', tags: [`${addresses.registry}/deeds/never:1`] } },
      }),
    });
    const step = await space.build({ inputs: { image: '', 'bake-file': 'docker-bake.json' } });
    expect(step.annotations).toMatchObject([
      {
        message: expect.stringContaining('`RUN exit 7`, which ended with exit code 7'),
        properties: { file: 'web/Dockerfile', line: '2' },
      },
    ]);
  }, 60_000);

  it('pushes once more when the registry has a bad day, and runs no step twice', async () => {
    // BuildKit takes it for a refusal, and tries no more.
    const uploads: Rule = {
      ...{ method: 'PUT', path: /\/blobs\/uploads\//, which: { first: 1 } },
      fault: {
        ...{ kind: 'answer', status: 401, headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'token ended' }] }),
      },
    };
    const target = `http://${addresses.registry}`;
    await using proxy = await startFaultProxy({ target, rules: [uploads] });
    const image = `${proxy.address}/${somewhere()}`;
    using space = workspace({
      Dockerfile: 'FROM busybox:1.36\nRUN sed s/^/ran-/ /proc/sys/kernel/random/uuid\n',
      'docker-bake.json': JSON.stringify({ target: { default: { tags: [`${image}:1`] } } }),
    });
    const step = await space.build({
      inputs: {
        ...{ image: '', 'bake-file': 'docker-bake.json', push: 'true' },
        ...{ 'no-cache': 'true', cache: 'off' },
      },
    });
    expect(step.exitCode).toBe(0);
    expect(proxy.fired(uploads)).toBe(1);
    expect(step.log).toContain('it is asked to push once more');
    expect(step.log.match(/^.*ran-[0-9a-f]{8}-.*$/gm)).toHaveLength(1);
    expect(step.outputs.reference).toBe(`${image}@${await digestOf(image, '1')}`);
  }, 90_000);
});

it.each<[string, Record<string, string>]>([
  ['Nothing is merged', { merge: `sha256:${'0'.repeat(64)}` }],
  ['Nothing is promoted', { promote: `r.io/web@sha256:${'0'.repeat(64)}` }],
])('%s where there is no right to it, and that is said', async (said, inputs) => {
  const step = await startAction('build-push-image', {
    inputs: { image: 'r.io/web', ...inputs },
    env: { GITHUB_ACTOR: 'dependabot[bot]' },
  });
  expect(step.exitCode).toBe(0);
  expect(step.annotations).toMatchObject([
    {
      level: 'notice',
      message: expect.stringContaining(`${said}: a pull request from Dependabot`),
    },
  ]);
  expect(step.outputs).toEqual({});
});

describe('merge', () => {
  it('makes one image of what parallel jobs built', async () => {
    const repository = somewhere();
    const image = `${addresses.registry}/${repository}`;
    const parts = await Promise.all(
      ['amd64', 'arm64'].map((architecture) =>
        pushImage({ repository, architecture, files: { [architecture]: '1' } }),
      ),
    );
    const [amd, arm] = parts.map((part) => part.split('@')[1] ?? '');
    const step = await startAction('build-push-image', {
      inputs: { image, tags: '1\n2', merge: `${amd}\n${image}@${arm}` },
    });
    expect(step.annotations).toEqual([]);
    const { digest, reference, tags } = step.outputs;
    expect(reference).toBe(`${image}@${digest}`);
    expect(step.outputs['reference-without-host']).toBe(`${repository}@${digest}`);
    expect(tags).toBe(`${image}:1\n${image}:2`);
    for (const tag of ['1', '2']) expect(await digestOf(image, tag)).toBe(digest);
    const answer = await fetch(
      `http://${addresses.registry}/v2/${repository}/manifests/${digest}`,
      {
        headers: { accept: indexType },
      },
    );
    const { manifests } = (await answer.json()) as { manifests: { digest: string }[] };
    expect(manifests.map((one) => one.digest)).toEqual([amd, arm]);
    expect(step.summary).toContain('linux/amd64, linux/arm64');
  });

  it('refuses tags, and tells of inputs that mean nothing here', async () => {
    const step = await startAction('build-push-image', {
      inputs: { image: 'r.io/web', merge: 'r.io/web:1', platforms: 'linux/amd64' },
    });
    expect(step.annotations.map(({ level, message }) => [level, message])).toEqual([
      ['warning', 'Input platforms has no effect beside merge.'],
      ['error', expect.stringContaining('Input merge: "r.io/web:1" has no digest')],
    ]);
  });
});

/** Attaches something to an image, in a registry that keeps no lists of it itself. */
async function attach(image: string, digest: string): Promise<void> {
  const subject = parseReference(`${image}@${digest}`) as PinnedReference;
  const client = new RegistryClient({
    http: httpClient({ env: {}, log: silent }),
    credentialFor: async () => undefined,
  });
  const { mediaType, bytes } = await client.manifest(subject);
  const body = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: manifestType, artifactType: 'application/vnd.test' },
    config: {
      mediaType: 'application/vnd.oci.empty.v1+json',
      ...(await client.putBlob(subject, Buffer.from('{}'))),
    },
    layers: [],
    subject: { mediaType, digest, size: bytes.length },
  });
  const tag = { registry: subject.registry, repository: subject.repository, tag: 'attached' };
  const pushed = await client.putManifest(tag, body, manifestType);
  const descriptor = {
    ...{ mediaType: manifestType, digest: pushed.digest, size: body.length },
    artifactType: 'application/vnd.test',
  };
  const patience = { until: Number.POSITIVE_INFINITY, log: silent };
  await attachByTag(client, subject, [descriptor], patience);
}

describe('promote', () => {
  it('copies an image with its attestations, and tags it there', async () => {
    using space = workspace({ Dockerfile: dockerfile });
    const built = await space.build({ inputs: { tags: '1', provenance: 'mode=max' } });
    const { digest = '', reference = '' } = built.outputs;
    await attach(space.image, digest);
    const image = `${addresses.referrersRegistry}/${somewhere()}`;
    const step = await startAction('build-push-image', {
      inputs: { image, tags: '1.4.2\nlatest', promote: reference },
    });
    expect(step.annotations).toEqual([]);
    expect(step.outputs.digest).toBe(digest);
    expect(step.outputs.reference).toBe(`${image}@${digest}`);
    for (const tag of ['1.4.2', 'latest']) expect(await digestOf(image, tag)).toBe(digest);
    expect(step.summary).toContain('promoted');
    expect(step.summary).toContain('attached <code>application/vnd.test</code>');
    const [host, ...path] = image.split('/');
    const listed = await fetch(`http://${host}/v2/${path.join('/')}/referrers/${digest}`);
    const { manifests } = (await listed.json()) as { manifests: { artifactType: string }[] };
    expect(manifests.map(({ artifactType }) => artifactType)).toEqual(['application/vnd.test']);
  }, 60_000);

  it.each<[string, Partial<ArmOptions>, string, string[]]>([
    ['by ACR itself', {}, 'ACR itself copied ', []],
    [
      'through the runner where ACR refuses',
      { actions: [] },
      'it goes through this runner',
      ['ACR does not copy it itself, so that it goes through this runner. '],
    ],
  ])(
    'copies %s, with what is attached',
    async (_, refusal, said, warnings) => {
      const lab = labContext(silent);
      using space = workspace({ Dockerfile: dockerfile });
      const built = await space.build({ inputs: { tags: '1' } });
      const { digest = '', reference = '' } = built.outputs;
      await attach(space.image, digest);
      const { client, tenant, subscription, resourceGroup } = labIdentity;
      await using arm = await startTestArm(lab, {
        verify: async () => ({ client, object: 'object' }),
        ...refusal,
      });
      const image = `${addresses.acr}/${somewhere()}`;
      const step = await startAction('build-push-image', {
        inputs: {
          ...{ image, tags: '1.4.2', promote: reference },
          'acr-import': `${subscription}/${resourceGroup}/acr?arm=${arm.url}`,
          'azure-client-id': client,
          'azure-tenant-id': tenant,
        },
        env: { ...jobEnvironment(), NODE_EXTRA_CA_CERTS: (await authority(lab)).cert },
      });
      expect(step.annotations.map(({ message }) => message)).toEqual(
        warnings.map((text) => expect.stringContaining(text)),
      );
      expect(step.exitCode).toBe(0);
      expect(step.outputs.reference).toBe(`${image}@${digest}`);
      expect(step.log).toContain(said);
      expect(step.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ[\w-]{10,}\./);
      expect(step.summary).toContain('attached <code>application/vnd.test</code>');
      // What ACR brought was there, and what is attached was sent.
      const rows = step.summary.match(/^\| <code>sha256&.*$/gm) ?? [];
      const sent = rows.filter((row) => row.includes('| sent'));
      if (warnings.length === 0) {
        expect(sent).toHaveLength(1);
        expect(sent[0]).toContain('attached');
      } else expect(sent).toHaveLength(rows.length);
    },
    60_000,
  );

  it('tells of an import that cannot be asked for', async () => {
    const from = `${addresses.registry}/web@sha256:${'0'.repeat(64)}`;
    const step = await startAction('build-push-image', {
      inputs: { image: 'acme.azurecr.io/web', tags: '1', promote: from, 'acr-import': 'lab' },
    });
    expect(step.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('Input acr-import: does not name a registry.'),
      expect.stringContaining('Input acr-import: ACR is asked by an identity of Azure'),
    ]);
  });

  it('tells what was copied when it fails', async () => {
    const nothing = `${addresses.registry}/${somewhere()}@sha256:${'0'.repeat(64)}`;
    const step = await startAction('build-push-image', {
      inputs: { image: `${addresses.registry}/${somewhere()}`, tags: '1', promote: nothing },
    });
    expect(step.exitCode).toBe(1);
    expect(step.outputs.reference).toBeUndefined();
    expect(step.summary).toContain('not promoted');
    expect(step.summary).toContain('Nothing was copied.');
  });
});

describe('retention', () => {
  /** A cache of long ago, as far as its annotation tells. */
  async function oldCache(repository: string, tag: string): Promise<void> {
    const body = JSON.stringify({
      ...{ schemaVersion: 2, mediaType: indexType, manifests: [] },
      annotations: { 'org.opencontainers.image.created': '2020-01-01T00:00:00Z' },
    });
    const url = `http://${addresses.registry}/v2/${repository}/manifests/${tag}`;
    const headers = { 'content-type': indexType };
    const answer = await fetch(url, { method: 'PUT', headers, body });
    expect(answer.status).toBe(201);
  }

  it('plans, then removes what is old and of no use', async () => {
    const repository = somewhere();
    const image = `${addresses.registry}/${repository}`;
    const kept = await pushImage({ repository, tag: 'main', files: { a: '1' } });
    await oldCache(repository, 'buildcache-gone');
    const young = recordTag('0'.repeat(64));
    await pushImage({ repository, tag: young, files: { b: '1' } });

    const plan = await startAction('build-push-image', { inputs: { image, retention: 'plan' } });
    expect(plan.annotations).toEqual([]);
    const [planned] = JSON.parse(plan.outputs.retention ?? '');
    expect(planned).toMatchObject({
      repository: image,
      remove: [{ tags: ['buildcache-gone'], because: 'it is an old cache' }],
      removed: [],
    });
    expect(planned.keep.map(({ digest }: { digest: string }) => digest)).toContain(
      kept.split('@')[1],
    );
    expect(await digestOf(image, 'buildcache-gone')).toBeDefined();

    const running = { keep: planned.remove[0].digest };
    const spared = await startAction('build-push-image', {
      inputs: { image, retention: 'apply', 'retention-days': '1d', ...running },
    });
    expect(JSON.parse(spared.outputs.retention ?? '')[0]).toMatchObject({
      remove: [],
      removed: [],
    });

    const applied = await startAction('build-push-image', {
      inputs: { image, retention: 'apply' },
    });
    expect(applied.exitCode).toBe(0);
    expect(JSON.parse(applied.outputs.retention ?? '')[0].removed).toEqual([
      planned.remove[0].digest,
    ]);
    expect(applied.summary).toContain('1 of 1 removed');
    expect(await digestOf(image, 'buildcache-gone')).toBeUndefined();
    for (const tag of ['main', young]) expect(await digestOf(image, tag)).toBeDefined();
  });

  it('names what is wrong', async () => {
    const step = await startAction('build-push-image', {
      inputs: { retention: 'delete', 'retention-days': 'a month', keep: 'r.io/web:1', builder },
    });
    expect(step.annotations.map(({ message }) => message)).toEqual([
      'Input builder has no effect beside retention.',
      expect.stringContaining('Input retention: "delete" is not a way'),
      expect.stringContaining('Input retention-days: is not a duration'),
      expect.stringContaining('Input keep: "r.io/web:1" has no digest'),
      expect.stringContaining('Input image is required'),
    ]);
  });
});
