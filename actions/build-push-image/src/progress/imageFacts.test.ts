import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { type Digest, parseReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { baseFacts, baseWarnings } from './baseFacts.ts';
import type { ImageSource } from './ImageSource.ts';
import { imageFacts } from './imageFacts.ts';
import { sizeOf } from './sizeChange.ts';

/** A registry in memory, with one repository. */
class Store implements ImageSource {
  readonly #contents = new Map<string, Buffer>();
  requests = 0;

  put(content: object, tag?: string): Digest {
    const bytes = Buffer.from(JSON.stringify(content));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
    this.#contents.set(digest, bytes);
    if (tag !== undefined) this.#contents.set(tag, bytes);
    return digest;
  }

  image(created: string, sizes: readonly number[], tag?: string): Digest {
    const config = this.put({
      ...{ created, os: 'linux', architecture: 'amd64', config: { Labels: { made: created } } },
    });
    const layers = sizes.map((size) => ({ digest: `sha256:${size}`, size }));
    const annotations = { sized: String(sizes.length) };
    return this.put({ config: { digest: config, size: 100 }, layers, annotations }, tag);
  }

  async manifest({ digest, tag }: Reference) {
    this.requests++;
    const bytes = this.#contents.get(digest ?? tag ?? 'latest');
    if (bytes === undefined) throw new Failure({ what: 'It does not exist.' });
    const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
    return { digest: found, mediaType: '', bytes };
  }

  async send(_reference: Reference, { path }: { path: string }) {
    this.requests++;
    const body = this.#contents.get(path.replace('blobs/', ''));
    return { status: body ? 200 : 404, headers: {}, body: body ?? Buffer.from('') };
  }
}

const web = parseReference('r.io/web:main');

describe('imageFacts', () => {
  it('is of an image', async () => {
    const store = new Store();
    const digest = store.image('2026-01-02T00:00:00Z', [1000, 2000], 'main');
    expect(await imageFacts(web, store)).toEqual({
      digest,
      platforms: [
        {
          platform: 'linux/amd64',
          bytes: 3100,
          layers: [1000, 2000],
          createdAt: Date.UTC(2026, 0, 2),
          labels: { made: '2026-01-02T00:00:00Z' },
          annotations: { sized: '2' },
        },
      ],
      attestations: [],
      annotations: {},
    });
  });

  it('is of an index with its platforms and what is attested, and of few requests', async () => {
    const store = new Store();
    const amd64 = { os: 'linux', architecture: 'amd64' };
    const arm = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const predicate = (type: string) => ({
      digest: 'sha256:00',
      annotations: { 'in-toto.io/predicate-type': type },
    });
    const attestation = store.put({
      layers: [
        predicate('https://spdx.dev/Document'),
        predicate('https://slsa.dev/provenance/v1'),
        predicate('https://acme.example/own'),
      ],
    });
    const unknown = { os: 'unknown', architecture: 'unknown' };
    store.put(
      {
        manifests: [
          { digest: store.image('2026-01-02T00:00:00Z', [10]), platform: amd64 },
          // A build that is to be the same each time tells no time in earnest.
          { digest: store.image('1970-01-01T00:00:00Z', [10, 20]), platform: arm },
          { digest: attestation, platform: unknown, annotations },
        ],
        annotations: { of: 'the index' },
      },
      'main',
    );
    expect(await imageFacts(web, store)).toMatchObject({
      annotations: { of: 'the index' },
      platforms: [
        { platform: 'linux/amd64', bytes: 110, layers: [10], createdAt: Date.UTC(2026, 0, 2) },
        { platform: 'linux/arm/v7', bytes: 130, layers: [10, 20], createdAt: undefined },
      ],
      attestations: ['SBOM (SPDX)', 'provenance (SLSA)', 'https://acme.example/own'],
    });
    expect(store.requests).toBe(6);
  });

  it.each([
    [null],
    [{ manifests: 1, layers: 'x', config: [] }],
    [{ manifests: [null, 1, { digest: '../../x' }] }],
    [{ layers: [{ digest: 1 }], config: { digest: 'x' } }],
  ])('takes no harm of %j', async (content) => {
    const store = new Store();
    store.put(content as unknown as object, 'main');
    expect(sizeOf(await imageFacts(web, store))).toBe(0);
  });

  it('does not know when it was made where its configuration is not given', async () => {
    const store = new Store();
    store.put({ config: { digest: `sha256:${'0'.repeat(64)}`, size: 1 }, layers: [] }, 'main');
    const { platforms } = await imageFacts(web, store);
    expect(platforms).toMatchObject([{ platform: 'unknown/unknown', createdAt: undefined }]);
  });
});

describe('baseFacts', () => {
  const node = parseReference('r.io/node:24');
  const forever = new Promise<void>(() => {});

  it('has the age of a base, and what its tag means now', async () => {
    const store = new Store();
    const old = store.image('2025-01-02T00:00:00Z', [1]);
    const index = store.put({ manifests: [{ digest: old, platform: { os: 'linux' } }] });
    const now = store.image('2026-01-02T00:00:00Z', [1], '24');
    const bases = await baseFacts(
      [
        { written: { ...node, digest: index }, digest: index, pinned: true },
        { written: node, digest: now, pinned: false },
        { written: parseReference('r.io/none:1'), digest: undefined, pinned: false },
      ],
      store,
      forever,
    );
    expect(bases.map(({ createdAt, tagMeans }) => [createdAt, tagMeans])).toEqual([
      [Date.UTC(2025, 0, 2), now],
      [Date.UTC(2026, 0, 2), undefined],
      [undefined, undefined],
    ]);
    expect(baseWarnings(bases)).toEqual([
      `The base image r.io/node:24@${index} is not what its tag 24 means now, ${now}.`,
      `The base image r.io/node:24 is not pinned: another build may get another image. Write FROM r.io/node:24@${now}.`,
      'The base image r.io/none:1 is not pinned: another build may get another image.',
    ]);
  });

  it('is unknown where the registry refuses, and a defect of ours is thrown', async () => {
    const digest = `sha256:${'0'.repeat(64)}` as Digest;
    const base = { written: node, digest, pinned: false };
    expect(await baseFacts([base], new Store(), forever)).toMatchObject([{ createdAt: undefined }]);
    const broken = { ...new Store(), manifest: () => Promise.reject(new TypeError('x')) };
    await expect(baseFacts([base], broken as unknown as Store, forever)).rejects.toThrow(TypeError);
  });

  it('does not wait long', async () => {
    const digest = `sha256:${'0'.repeat(64)}` as Digest;
    const silent = { manifest: () => forever, send: () => forever } as unknown as ImageSource;
    const found = await baseFacts(
      [{ written: { ...node, digest }, digest, pinned: true }],
      silent,
      Promise.resolve(),
    );
    expect(found).toMatchObject([{ createdAt: undefined, tagMeans: undefined }]);
    expect(baseWarnings(found)).toEqual([]);
  });
});
