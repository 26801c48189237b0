import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addresses } from '../../test/lab/addresses.ts';
import { authority } from '../../test/lab/authority.ts';
import { serverError } from '../../test/lab/faults/answers.ts';
import { startFaultProxy } from '../../test/lab/faults/faultProxy.ts';
import { labContext } from '../../test/lab/lab.ts';
import type { AcrOptions } from '../../test/lab/registry/acr/startAcr.ts';
import { startTestAcr } from '../../test/lab/registry/acr/startTestAcr.ts';
import { writeLayout } from '../../test/lab/registry/writeLayout.ts';
import { httpClient } from '../http/request.ts';
import { httpStream } from '../http/stream.ts';
import { silent } from '../log/Log.ts';
import { attachByTag } from './attachByTag.ts';
import { type CopiedManifest, copyImage } from './copyImage.ts';
import { fallbackTag, listReferrers } from './listReferrers.ts';
import { pushLayout } from './pushLayout.ts';
import { type Digest, type PinnedReference, parseReference, pin } from './Reference.ts';
import { RegistryClient } from './RegistryClient.ts';
import { readManifest } from './readManifest.ts';

const lab = labContext(silent);
const megabyte = 1024 * 1024;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const patience = { until: Number.POSITIVE_INFINITY, log: silent };
let tempDir: string;
let ca: string;
beforeAll(async () => {
  tempDir = mkdtempSync(join(tmpdir(), 'copy-'));
  ca = readFileSync((await authority(lab)).cert, 'utf8');
});
afterAll(() => rmSync(tempDir, { recursive: true }));

function clientOf(identityToken?: string): RegistryClient {
  return new RegistryClient({
    http: httpClient({ env: {}, log: silent, ca }),
    stream: httpStream({ env: {}, ca }),
    credentialFor: async () => (identityToken === undefined ? undefined : { identityToken }),
  });
}

function repository(host: string) {
  return parseReference(`${host}/copy/${randomBytes(4).toString('hex')}:1`);
}

/** Attaches as `oras attach` does, by tag where the registry does not keep the list itself. */
async function attach(client: RegistryClient, subject: PinnedReference, artifactType: string) {
  const empty = await client.putBlob(subject, Buffer.from('{}'));
  const layer = Buffer.from(
    JSON.stringify({ artifactType, random: randomBytes(4).toString('hex') }),
  );
  const { bytes, mediaType } = await client.manifest(subject);
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: manifestType, artifactType },
      config: { mediaType: 'application/vnd.oci.empty.v1+json', ...empty },
      layers: [
        {
          mediaType: artifactType,
          ...(await client.putBlob(subject, layer)),
        },
      ],
      subject: { mediaType, digest: subject.digest, size: bytes.length },
    }),
  );
  const { registry, repository: path } = subject;
  const { digest } = await client.putManifest(
    { registry, repository: path },
    manifest,
    manifestType,
  );
  const { byApi } = await listReferrers(client, subject);
  if (!byApi) {
    const descriptor = { mediaType: manifestType, digest, size: manifest.length, artifactType };
    await attachByTag(client, subject, [descriptor], patience);
  }
  return pin(subject, digest);
}

interface Published {
  readonly from: PinnedReference;
  readonly verdict: Digest;
  readonly signature: Digest;
  readonly sbom: Digest;
  readonly cosign: Digest;
  readonly images: readonly Digest[];
}

/** An image of two platforms with a verdict, the verdict's signature, an SBOM and cosign's signature. */
async function publish(
  client: RegistryClient,
  host: string,
  layerBytes = megabyte,
): Promise<Published> {
  using layout = writeLayout({ platforms: ['linux/amd64', 'linux/arm64'], layerBytes });
  const tagged = repository(host);
  const pushed = await pushLayout({
    ...{ layout: layout.folder, references: [tagged], client, log: silent, tempDir },
  });
  const from = pin(tagged, pushed.digest);
  const { manifests = [] } = readManifest((await client.manifest(from)).bytes, 'index');
  const images = manifests.map(({ digest }) => digest);
  const verdict = await attach(client, from, 'application/vnd.test.verdict');
  const signature = await attach(client, verdict, 'application/vnd.test.signature');
  const sbom = await attach(client, pin(from, images[0] as Digest), 'application/spdx+json');
  const config = await client.putBlob(from, Buffer.from('{}'));
  const { digest: cosign } = await client.putManifest(
    { ...tagged, tag: `${fallbackTag(from.digest)}.sig` },
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: manifestType, layers: [] },
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    }),
    manifestType,
  );
  return {
    ...{ from, images, cosign },
    verdict: verdict.digest,
    signature: signature.digest,
    sbom: sbom.digest,
  };
}

async function arrived(client: RegistryClient, published: Published, to: PinnedReference) {
  const { from, verdict, signature, sbom, images, cosign } = published;
  const { registry, repository: path } = to;
  const at = (tag: string) => client.manifest({ registry, repository: path, tag });
  expect((await at('prod')).digest).toBe(from.digest);
  expect((await at(`${fallbackTag(from.digest)}.sig`)).digest).toBe(cosign);
  for (const image of images) await client.manifest(pin(to, image));
  const attachedTo = async (digest: Digest) =>
    (await listReferrers(client, pin(to, digest))).manifests.map((one) => one.digest);
  expect(await attachedTo(from.digest)).toEqual([verdict]);
  expect(await attachedTo(verdict)).toEqual([signature]);
  expect(await attachedTo(images[0] as Digest)).toEqual([sbom]);
}

const hosts = {
  'a registry without the referrers API': addresses.registry,
  'one that has it': addresses.referrersRegistry,
};
const ways = Object.entries(hosts).flatMap(([source, from]) =>
  Object.entries(hosts).map(([target, to]) => [source, target, from, to] as const),
);

describe('copyImage', () => {
  it.each(ways)('copies from %s to %s', async (_source, _target, host, other) => {
    const client = clientOf();
    const published = await publish(client, host);
    const to = repository(other);
    const copy = () =>
      copyImage({
        ...{
          from: published.from,
          to,
          tags: ['prod'],
          source: client,
          target: client,
          log: silent,
        },
      });
    const { reference, copied, sentBytes } = await copy();
    expect(reference).toEqual(pin(to, published.from.digest));
    await arrived(client, published, reference);
    expect(copied.filter(({ kind }) => kind === 'image')).toHaveLength(5);
    expect(copied.filter(({ kind }) => kind === 'referrer')).toHaveLength(4);
    // Within a registry that can, blobs are linked.
    if (host === other && host === addresses.registry) expect(sentBytes).toBe(0);

    const again = await copy();
    expect(again.sentBytes).toBe(0);
    expect(new Set(again.copied.map(({ outcome }) => outcome))).toEqual(new Set(['there']));
  });

  async function withAcr<T>(
    options: Partial<AcrOptions>,
    work: (host: string, client: RegistryClient) => Promise<T>,
  ): Promise<T> {
    await using acr = await startTestAcr(lab, options);
    const token = await acr.tokens.refreshToken({ oid: 'object', appid: 'application' });
    return await work(acr.host, clientOf(token));
  }

  it('copies from and to a registry that logs in as ACR does', async () => {
    await withAcr({}, async (host, acrClient) => {
      const source = clientOf();
      const published = await publish(source, addresses.registry);
      const target = acrClient;
      const tags = ['prod'];
      const there = repository(host);
      const { reference } = await copyImage({
        ...{ from: published.from, to: there, tags, source, target, log: silent },
      });
      await arrived(acrClient, published, reference);
      const back = await copyImage({
        ...{ from: reference, to: repository(addresses.referrersRegistry), tags, log: silent },
        ...{ source: acrClient, target: source },
      });
      await arrived(source, published, back.reference);
    });
  });

  it('logs in again when its token ends on the way', async () => {
    await withAcr({ accessLifetime: 2 }, async (host, target) => {
      const source = clientOf();
      const published = await publish(source, addresses.registry, 100);
      await using proxy = await startFaultProxy({
        target: `http://${addresses.registry}`,
        rules: [{ path: /\/blobs\//, fault: { kind: 'delay', beforeForwardingMs: 600 } }],
      });
      const from = { ...published.from, registry: proxy.address };
      const { reference } = await copyImage({
        ...{ from, to: repository(host), tags: ['prod'], source, target, log: silent },
      });
      await arrived(target, published, reference);
    });
  }, 60_000);

  it('names the role that is missing, and says that nothing was copied', async () => {
    await withAcr({ assignments: [{ principal: '*', role: 'AcrPull' }] }, async (host, target) => {
      const source = clientOf();
      const { from } = await publish(source, addresses.registry);
      const copy = copyImage({
        ...{ from, to: repository(host), tags: [], source, target, log: silent },
      });
      await expect(copy).rejects.toMatchObject({
        message: expect.stringMatching(/does not let this identity push to copy\/.*role AcrPush/),
        details: expect.stringContaining('Nothing had been copied.'),
      });
    });
  });

  it('names what was copied when it fails, and goes on from there the next time', async () => {
    const source = clientOf();
    const published = await publish(source, addresses.registry);
    await using proxy = await startFaultProxy({
      target: `http://${addresses.referrersRegistry}`,
      rules: [
        {
          method: 'PUT',
          path: /\/manifests\/sha256/,
          which: { nth: 6 },
          fault: {
            kind: 'answer',
            status: 403,
            body: '{"errors":[{"code":"DENIED","message":"no"}]}',
          },
        },
      ],
    });
    const to = repository(proxy.address);
    const told: CopiedManifest[] = [];
    const copy = () =>
      copyImage({
        ...{ from: published.from, to, tags: ['prod'], source, target: source, log: silent },
        onCopied: (one) => told.push(one),
      });
    await expect(copy()).rejects.toMatchObject({
      details: expect.stringContaining(`${published.from.digest} (image, sent)`),
    });
    expect(told).toHaveLength(5);
    const { reference, copied } = await copy();
    expect(copied.filter(({ outcome }) => outcome === 'there')).toHaveLength(5);
    await arrived(source, published, reference);
  });

  it('goes on where either side breaks, and holds little in memory', async () => {
    const client = clientOf();
    const published = await publish(client, addresses.registry, 150 * megabyte);
    await using source = await startFaultProxy({
      target: `http://${addresses.registry}`,
      rules: [
        {
          path: /\/blobs\//,
          which: { nth: 2 },
          fault: { kind: 'resetAnswer', afterBytes: 'half' },
        },
        { path: /\/blobs\//, which: { nth: 3 }, fault: serverError(502) },
      ],
    });
    await using target = await startFaultProxy({
      target: `http://${addresses.registry}`,
      rules: [
        {
          method: 'PUT',
          path: /uploads/,
          when: (headers) => Number(headers['content-length']) > megabyte,
          which: { first: 1 },
          fault: { kind: 'resetUpload', afterBytes: 20 * megabyte },
        },
      ],
    });
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 10);
    const { reference } = await copyImage({
      from: { ...published.from, registry: source.address },
      ...{
        to: repository(target.address),
        tags: ['prod'],
        source: client,
        target: client,
        log: silent,
      },
    });
    clearInterval(timer);
    await arrived(client, published, reference);
    // 300 MB went through, and through two proxies in this process; its garbage is counted as well, so
    // that this only tells that nothing is held whole.
    expect(most).toBeLessThan(300 * megabyte);
  }, 60_000);
});
