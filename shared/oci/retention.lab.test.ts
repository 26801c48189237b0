import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addresses } from '../../test/lab/addresses.ts';
import { authority } from '../../test/lab/authority.ts';
import { labContext } from '../../test/lab/lab.ts';
import { startTestAcr } from '../../test/lab/registry/acr/startTestAcr.ts';
import { writeLayout } from '../../test/lab/registry/writeLayout.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { applyRetention } from './applyRetention.ts';
import { attachByTag } from './attachByTag.ts';
import { deleteManifest } from './deleteManifest.ts';
import { listReferrers } from './listReferrers.ts';
import { planRetention } from './planRetention.ts';
import { pushLayout } from './pushLayout.ts';
import { type Digest, type PinnedReference, parseReference, pin } from './Reference.ts';
import { RegistryClient } from './RegistryClient.ts';
import { readRepository } from './readRepository.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const now = new Date();
const old = new Date(now.getTime() - 90 * 24 * 3600 * 1000).toISOString();
const patience = { until: Number.POSITIVE_INFINITY, log: silent };
const client = new RegistryClient({
  http: httpClient({ env: {}, log: silent }),
  credentialFor: async () => undefined,
});
let tempDir: string;
beforeAll(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'retention-'));
});
afterAll(() => rmSync(tempDir, { recursive: true }));

const rules = {
  ...{ days: 30, now, running: new Set<Digest>() },
  isKeyTag: (tag: string) => /^build-[0-9a-f]+$/.test(tag),
  isCacheTag: (tag: string) => tag.startsWith('buildcache'),
};

async function pushed(to: PinnedReference | ReturnType<typeof parseReference>, tag: string) {
  using layout = writeLayout();
  const { digest } = await pushLayout({
    ...{ layout: layout.folder, references: [{ ...to, tag }], client, log: silent, tempDir },
  });
  return pin(to, digest);
}

/** A record as the keys of builds are kept, or a cache when it has no subject. */
async function record(
  to: ReturnType<typeof parseReference>,
  tag: string,
  created: string,
  subject?: PinnedReference,
): Promise<Digest> {
  const config = await client.putBlob(to, Buffer.from('{}'));
  const described = subject && (await client.manifest(subject));
  const body = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: manifestType, layers: [] },
    artifactType: 'application/vnd.test.record',
    config: { mediaType: 'application/vnd.oci.empty.v1+json', ...config },
    annotations: { 'org.opencontainers.image.created': created, tag },
    ...(described && {
      subject: {
        mediaType: described.mediaType,
        digest: described.digest,
        size: described.bytes.length,
      },
    }),
  });
  const { digest } = await client.putManifest({ ...to, tag }, body, manifestType);
  if (subject && !(await listReferrers(client, subject)).byApi) {
    const descriptor = { mediaType: manifestType, digest, size: body.length };
    await attachByTag(client, subject, [descriptor], patience);
  }
  return digest;
}

describe('retention', () => {
  it.each([addresses.registry, addresses.referrersRegistry])(
    'removes from %s what is old and of no use, and nothing else',
    async (host) => {
      const to = parseReference(`${host}/retention/${randomBytes(4).toString('hex')}`);
      const image = await pushed(to, 'main');
      const oldKey = await record(to, 'build-12', old, image);
      const youngKey = await record(to, 'build-34', now.toISOString(), image);
      const oldCache = await record(to, 'buildcache-old', old);
      const cache = await record(to, 'buildcache', now.toISOString());

      const plan = planRetention(
        await readRepository({ repository: to, client, log: silent }),
        rules,
      );
      expect(plan.remove.map(({ digest }) => digest).sort()).toEqual([oldKey, oldCache].sort());
      const { removed } = await applyRetention({ plan, repository: to, client, log: silent });
      expect(removed).toHaveLength(2);

      for (const digest of [oldKey, oldCache]) {
        expect(await client.findDigest(pin(to, digest))).toBeUndefined();
      }
      for (const digest of [image.digest, youngKey, cache]) {
        expect(await client.findDigest(pin(to, digest))).toBe(digest);
      }
      const attached = (await listReferrers(client, image)).manifests;
      expect(attached.map(({ digest }) => digest)).toEqual([youngKey]);
      // What is left needs nothing more.
      const next = planRetention(
        await readRepository({ repository: to, client, log: silent }),
        rules,
      );
      expect(next.remove).toEqual([]);
    },
  );

  it('names the role that is missing', async () => {
    const lab = labContext(silent);
    await using acr = await startTestAcr(lab);
    const identityToken = await acr.tokens.refreshToken({ oid: 'object', appid: 'application' });
    const ca = readFileSync((await authority(lab)).cert, 'utf8');
    const pushes = new RegistryClient({
      http: httpClient({ env: {}, log: silent, ca }),
      credentialFor: async () => ({ identityToken }),
    });
    const to = parseReference(`${acr.host}/retention/${randomBytes(4).toString('hex')}:x`);
    const { digest } = await pushes.putManifest(
      to,
      JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [] }),
      indexType,
    );
    await expect(deleteManifest(pushes, pin(to, digest))).rejects.toThrow(
      /does not let this identity delete from retention\/.*role AcrDelete/,
    );
  });

  it('removes nothing when a tag was set on it since', async () => {
    const to = parseReference(`${addresses.registry}/retention/${randomBytes(4).toString('hex')}`);
    const oldCache = await record(to, 'buildcache-old', old);
    const plan = planRetention(
      await readRepository({ repository: to, client, log: silent }),
      rules,
    );
    const { bytes, mediaType } = await client.manifest(pin(to, oldCache));
    await client.putManifest({ ...to, tag: 'keep' }, bytes, mediaType);
    const said: string[] = [];
    const log = { ...silent, warning: (text: string) => said.push(text) };
    const { removed, spared } = await applyRetention({ plan, repository: to, client, log });
    expect([removed.length, spared.length]).toEqual([0, 1]);
    expect(said).toEqual([expect.stringContaining('make the plan again')]);
    expect(await client.findDigest(pin(to, oldCache))).toBe(oldCache);
  });
});
