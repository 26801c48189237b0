import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../../shared/http/request.ts';
import { silent } from '../../../../shared/log/Log.ts';
import type { Credential } from '../../../../shared/oci/credentials.ts';
import {
  type PinnedReference,
  parseDigest,
  parseReference,
  pin,
} from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../../../test/lab/addresses.ts';
import { certificate } from '../../../../test/lab/authority.ts';
import { build } from '../../../../test/lab/buildkit/build.ts';
import { buildkitAddress } from '../../../../test/lab/buildkit/buildkit.ts';
import { command } from '../../../../test/lab/command.ts';
import { type FaultProxy, startFaultProxy } from '../../../../test/lab/faults/faultProxy.ts';
import { labContext } from '../../../../test/lab/lab.ts';
import { acrRefreshToken } from '../../../../test/lab/registry/acr/acr.ts';
import type { AcrOptions } from '../../../../test/lab/registry/acr/startAcr.ts';
import { startTestAcr } from '../../../../test/lab/registry/acr/startTestAcr.ts';
import { tokenUser } from '../../../../test/lab/registry/acr/tokenEndpoints.ts';
import { pushImage, pushIndex } from '../../../../test/lab/registry/pushImage.ts';
import { type BuildKey, buildKey, type KeyInputs } from './buildKey.ts';
import { recordTag, recordType } from './buildRecord.ts';
import { findBuilt } from './findBuilt.ts';
import { recordBuilt } from './recordBuilt.ts';
import { setTags } from './setTags.ts';
import { usedImages } from './usedImages.ts';

const lab = labContext(silent);
const day = 24 * 60 * 60 * 1000;
let folder: string;
let repository: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twice-'));
  repository = `nothing-twice/${Date.now().toString(36)}`;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A registry behind a proxy that counts, and how it is spoken to. */
interface Counted extends AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly ca?: string;
  readonly credential?: Credential;
  /** What the build pushes to, past the proxy, with a docker login. */
  readonly direct: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function plain(direct: string): Promise<Counted> {
  const proxy = await startFaultProxy({ target: `http://${direct}` });
  return { proxy, direct, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

/**
 * The build pushes to the lab's own ACR, whose content is the same: BuildKit keeps tokens by host
 * and port, and would use them in another test's ACR at the same port.
 */
async function likeAcr(options: Partial<AcrOptions> = {}): Promise<Counted> {
  const acr = await startTestAcr(lab, { ports: [0], ...options });
  const tls = await certificate(lab, 'acr', { hosts: ['localhost', '127.0.0.1'] });
  const [ca = '', cert = '', key = ''] = [tls.ca, tls.cert, tls.key].map((path) =>
    readFileSync(path, 'utf8'),
  );
  const target = { url: `https://${acr.host}`, ca };
  const proxy = await startFaultProxy({ target, tls: { cert, key } });
  const principal = { oid: 'object', appid: 'application' };
  const password = await acr.tokens.refreshToken(principal);
  const auth = btoa(`${tokenUser}:${await acrRefreshToken(lab, principal)}`);
  const login = JSON.stringify({ auths: { [addresses.acr]: { auth } } });
  const config = mkdtempSync(join(folder, 'docker-'));
  writeFileSync(join(config, 'config.json'), login, { mode: 0o600 });
  return {
    ...{ proxy, ca, direct: addresses.acr },
    credential: { username: tokenUser, password },
    env: { DOCKER_CONFIG: config, SSL_CERT_FILE: tls.ca },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await acr[Symbol.asyncDispose]();
    },
  };
}

/** As a step begins: no connection and no token is known yet. */
function newClient({ ca, credential }: Pick<Counted, 'ca' | 'credential'>): RegistryClient {
  return new RegistryClient({
    http: httpClient({ env: {}, log: silent, ca }),
    credentialFor: async (registry) => (registry.startsWith('127.') ? credential : undefined),
  });
}

function context(base: string, files: number): KeyInputs {
  const root = join(folder, 'context');
  mkdirSync(join(root, 'src'), { recursive: true });
  for (let index = 0; index < files; index++) {
    writeFileSync(join(root, 'src', `${index}.txt`), `${index}`.repeat(1000));
  }
  writeFileSync(join(root, 'other'), 'no COPY reaches it');
  writeFileSync(join(root, 'Dockerfile'), `FROM ${base}\nCOPY src /src\n`);
  return {
    ...{ context: root, dockerfile: join(root, 'Dockerfile') },
    ...{ buildArgs: {}, platforms: ['linux/amd64'], labels: [], annotations: [], contexts: {} },
    ...{ secrets: [], ssh: [], options: {}, noCache: false, pull: false },
  };
}

/** Builds it really, and gives its name through the proxy. */
async function pushed(registry: Counted, inputs: KeyInputs): Promise<PinnedReference> {
  const tag = `${registry.direct}/${repository}:1`;
  const digest = await build(lab, {
    ...{ context: inputs.context, tag },
    ...(registry.env && { env: registry.env }),
  });
  return pin(parseReference(`${registry.proxy.address}/${repository}`), parseDigest(digest));
}

async function keyOf(inputs: KeyInputs, registry: RegistryClient): Promise<BuildKey> {
  const key = await buildKey(inputs, registry);
  if (key.key === undefined) throw new Error(key.because);
  return key;
}

const registries: Record<string, () => Promise<Counted>> = {
  'without the referrers API': () => plain(addresses.registry),
  'with the referrers API': () => plain(addresses.referrersRegistry),
  'with the login of ACR': () => likeAcr(),
};

describe.each(Object.entries(registries))('a registry %s', (_name, open) => {
  it('gives an image that is built already, within the budget', async () => {
    await using registry = await open();
    await using bases = await plain(addresses.registry);
    const inputs = context(`${bases.proxy.address}/library/busybox:1.36`, 1000);
    const image = await pushed(registry, inputs);
    const first = newClient(registry);
    const built = await keyOf(inputs, first);
    const lookup = { image, key: built.key, maxAgeMs: 7 * day };
    expect(await findBuilt({ registry: first, ...lookup })).toEqual({
      found: false,
      because: 'no image was built from these inputs yet',
    });
    const recording = { registry: first, image, build: built, version: '1.2.3' };
    expect(await recordBuilt(recording)).toEqual({ recorded: true });

    registry.proxy.clear();
    const before = registry.proxy.requests.length + bases.proxy.requests.length;
    const client = newClient(registry);
    const { key } = await keyOf(inputs, client);
    const found = await findBuilt({ ...lookup, registry: client, key });
    if (!found.found) throw new Error(found.because);
    const tags = ['a', 'b', 'c'].map((tag) => ({ ...image, tag }));
    await setTags(client, found.manifest, tags);
    const asked = registry.proxy.requests.length + bases.proxy.requests.length - before;

    expect(found).toMatchObject({
      because: 'it was built from the same inputs less than a minute ago',
    });
    expect(found.manifest.digest).toBe(image.digest);
    expect(asked).toBeLessThanOrEqual(4 + tags.length + 2);
    for (const tag of tags) {
      const { registry: host, repository: path } = image;
      const named = { registry: host, repository: path, tag: tag.tag };
      expect(await client.digest(named)).toBe(image.digest);
    }
  }, 120_000);

  it('lists the record beside the image', async () => {
    await using registry = await open();
    const inputs = context('scratch', 1);
    const image = await pushed(registry, inputs);
    const client = newClient(registry);
    const recording = { registry: client, build: await keyOf(inputs, client), version: '1.2.3' };
    // Twice, as by two jobs: there is one entry.
    const at = new Date('2026-01-02T03:04:05Z');
    for (let job = 0; job < 2; job++) {
      const recorded = await recordBuilt({ ...recording, image, now: () => at });
      expect(recorded).toEqual({ recorded: true });
    }

    const byApi = await client.send(image, { path: `referrers/${image.digest}` });
    const byTag = await client.send(image, {
      path: `manifests/${image.digest.replace(':', '-')}`,
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    });
    const listed = byApi.status === 200 ? byApi : byTag;
    expect(JSON.parse(listed.body.toString())).toMatchObject({
      manifests: [
        {
          artifactType: recordType,
          annotations: {
            'com.platform-actions.build.key': recording.build.key,
            'com.platform-actions.build.version': '1.2.3',
            'org.opencontainers.image.created': at.toISOString(),
          },
        },
      ],
    });
  }, 60_000);
});

describe('an image that is built already', () => {
  it.each<[string, number, string]>([
    ['too old', 8, 'the image found is 8 days old, and max-age allows 7 days'],
    ['of the future', -2, 'the image found claims to be of the future'],
  ])(
    'is built again when it is %s',
    async (_name, days, because) => {
      await using registry = await plain(addresses.registry);
      const inputs = context('scratch', 1);
      const image = await pushed(registry, inputs);
      const client = newClient(registry);
      const built = await keyOf(inputs, client);
      await recordBuilt({ registry: client, image, build: built, version: '1' });
      const now = () => new Date(Date.now() + days * day);
      const options = { registry: client, image, key: built.key, maxAgeMs: 7 * day, now };
      expect(await findBuilt(options)).toEqual({ found: false, because });
    },
    60_000,
  );

  it('is built again when it has been removed', async () => {
    await using registry = await plain(addresses.registry);
    const inputs = context('scratch', 1);
    const image = await pushed(registry, inputs);
    const client = newClient(registry);
    const { key, ...built } = await keyOf(inputs, client);
    await recordBuilt({ registry: client, image, build: { key, ...built }, version: '1' });
    await client.send(image, { method: 'DELETE', path: `manifests/${image.digest}` });
    expect(await findBuilt({ registry: client, image, key, maxAgeMs: day })).toEqual({
      found: false,
      because: 'the image built from these inputs has been removed',
    });
  }, 60_000);

  it('is built again when something else has the tag of its key', async () => {
    await using registry = await plain(addresses.registry);
    const inputs = context('scratch', 1);
    const image = await pushed(registry, inputs);
    const client = newClient(registry);
    const { key } = await keyOf(inputs, client);
    const manifest = await client.manifest(image);
    await setTags(client, manifest, [{ ...image, tag: recordTag(key) }]);
    expect(await findBuilt({ registry: client, image, key, maxAgeMs: day })).toMatchObject({
      because: 'what the registry has under the key is not a record of ours',
    });
  }, 60_000);

  it('is found by who may only pull, but neither tagged nor recorded', async () => {
    await using writable = await likeAcr();
    await using registry = await likeAcr({ assignments: [{ principal: '*', role: 'AcrPull' }] });
    const inputs = context('scratch', 1);
    const pushedImage = await pushed(writable, inputs);
    const writer = newClient(writable);
    const built = await keyOf(inputs, writer);
    await recordBuilt({ registry: writer, image: pushedImage, build: built, version: '1' });

    const client = newClient(registry);
    const image = { ...pushedImage, registry: registry.proxy.address };
    const found = await findBuilt({ registry: client, image, key: built.key, maxAgeMs: day });
    expect(found).toMatchObject({ found: true, manifest: { digest: image.digest } });
    if (!found.found) return;
    const denied = `${image.registry} does not let this identity push to ${repository}.`;
    await expect(setTags(client, found.manifest, [{ ...image, tag: 'x' }])).rejects.toThrow(denied);
    expect(await recordBuilt({ registry: client, image, build: built, version: '1' })).toEqual({
      recorded: false,
      because: `the registry did not take the record: ${denied}`,
    });
  }, 60_000);

  it('is built when the registry does not answer', async () => {
    const image = parseReference('127.0.0.1:9/nothing');
    const registry = newClient({});
    const abandoned = { registry, image, key: 'a'.repeat(64), maxAgeMs: day };
    expect(await findBuilt(abandoned)).toMatchObject({
      found: false,
      because: expect.stringContaining('the registry could not be asked'),
    });
  }, 60_000);
});

describe('the images that a builder used', () => {
  const dockerfile = (base: string) => `FROM ${base}\nCOPY --from=${base} /a /b\n`;

  /** An image of two platforms under a tag, as Docker Hub's are. */
  async function baseOf(content: string): Promise<string> {
    const name = `${repository}/base`;
    const platforms: Record<string, string> = {};
    for (const architecture of ['amd64', 'arm64']) {
      const files = { a: `${content} ${architecture}` };
      const pushed = await pushImage({ repository: name, files, architecture });
      platforms[pushed] = `linux/${architecture}`;
    }
    const index = parseReference(await pushIndex(name, platforms));
    const client = newClient({});
    await setTags(client, await client.manifest(index), [{ ...index, tag: '1' }]);
    return `${addresses.registry}/${name}:1`;
  }

  it.each<[string, boolean]>([
    ['are those of the key', false],
    ['are others, since a tag moved during the build', true],
  ])(
    '%s',
    async (_name, moves) => {
      await using registry = await plain(addresses.registry);
      const base = await baseOf('first');
      const inputs = context(base, 1);
      writeFileSync(inputs.dockerfile, dockerfile(base));
      const client = newClient(registry);
      const built = await keyOf(inputs, client);
      if (moves) await baseOf('second');
      const file = join(folder, 'metadata.json');
      const { digest, metadata } = await buildWithMetadata(registry, inputs, file);
      const image = pin(parseReference(`${registry.proxy.address}/${repository}`), digest);
      expect(usedImages(metadata)).not.toEqual([]);
      const recording = { registry: client, image, build: built, metadata, version: '1' };
      expect(await recordBuilt(recording)).toEqual(
        moves
          ? { recorded: false, because: expect.stringContaining('which is not in the key') }
          : { recorded: true },
      );
    },
    60_000,
  );

  async function buildWithMetadata({ direct }: Counted, inputs: KeyInputs, file: string) {
    const buildx = await lab.program('buildx');
    const env = { env: { BUILDX_CONFIG: join(folder, 'buildx') } };
    const create = ['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)];
    await command(buildx, create, env);
    const args = ['--push', '--tag', `${direct}/${repository}:1`, '--metadata-file', file];
    await command(buildx, ['build', '--builder', 'lab', ...args, inputs.context], env);
    const metadata = readFileSync(file, 'utf8');
    const fields = JSON.parse(metadata) as Record<string, string>;
    return { metadata, digest: parseDigest(fields['containerimage.digest'] ?? '') };
  }
});

describe('a base image with ONBUILD triggers', () => {
  it.each<[string, string, string, boolean]>([
    ['is not recorded where a part of the context is in the key', 'COPY . /all', 'src', false],
    ['is recorded where the whole context is in the key', 'COPY . /all', '.', true],
    ['is not recorded where a trigger copies from elsewhere', 'ADD https://x.test /', '.', false],
  ])(
    '%s',
    async (_name, trigger, source, recorded) => {
      await using registry = await plain(addresses.registry);
      const base = `${addresses.registry}/${repository}/base:1`;
      const basis = join(folder, 'base');
      mkdirSync(basis);
      writeFileSync(
        join(basis, 'Dockerfile'),
        `FROM scratch\nCOPY Dockerfile /\nONBUILD ${trigger}\n`,
      );
      await build(lab, { context: basis, tag: base });
      const inputs = context(base, 1);
      const client = newClient(registry);
      const simple = await pushed(registry, context('scratch', 1));
      writeFileSync(inputs.dockerfile, `FROM ${base}\nCOPY ${source} /src\n`);
      const built = await keyOf(inputs, client);
      expect(
        await recordBuilt({ registry: client, image: simple, build: built, version: '1' }),
      ).toMatchObject(
        recorded
          ? { recorded }
          : { recorded, because: expect.stringContaining('ONBUILD triggers') },
      );
    },
    60_000,
  );
});
