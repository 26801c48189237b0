import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addresses } from '../../test/lab/addresses.ts';
import { command } from '../../test/lab/command.ts';
import { labContext } from '../../test/lab/lab.ts';
import { pushImage } from '../../test/lab/registry/pushImage.ts';
import { writeLayout } from '../../test/lab/registry/writeLayout.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { mergeDigests } from './mergeDigests.ts';
import { pushLayout } from './pushLayout.ts';
import { formatReference, type PinnedReference, parseReference, pin } from './Reference.ts';
import { RegistryClient } from './RegistryClient.ts';
import { readManifest } from './readManifest.ts';

const lab = labContext(silent);
const client = new RegistryClient({
  http: httpClient({ env: {}, log: silent }),
  credentialFor: async () => undefined,
});
let tempDir: string;
beforeAll(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'merge-'));
});
afterAll(() => rmSync(tempDir, { recursive: true }));

const named = (tag: string, host: string = addresses.registry) =>
  parseReference(`${host}/merge/${randomBytes(4).toString('hex')}:${tag}`);

/** What a job with one platform pushes: an index with the image and its attestation. */
async function built(platform: string, to = named('part')): Promise<PinnedReference> {
  using layout = writeLayout({ platforms: [platform] });
  const { digest } = await pushLayout({
    ...{ layout: layout.folder, references: [to], client, log: silent, tempDir },
  });
  return pin(to, digest);
}

async function manifestsOf(reference: PinnedReference) {
  const { bytes } = await client.manifest(reference);
  return readManifest(bytes, 'index').manifests ?? [];
}

describe('mergeDigests', () => {
  it('makes what buildx imagetools create makes of the same digests', async () => {
    const to = named('merged');
    const digests = [
      await built('linux/arm64', to),
      parseReference(
        await pushImage({ repository: to.repository, files: { a: '1' } }),
      ) as PinnedReference,
    ];
    const { digest, platforms } = await mergeDigests({
      ...{ digests, references: [to], client, log: silent },
    });
    expect(platforms).toEqual(['linux/amd64', 'linux/arm64']);
    const other = formatReference({ ...to, tag: 'imagetools' });
    await command(
      await lab.program('buildx'),
      ['imagetools', 'create', '--tag', other, ...digests.map(formatReference)],
      { env: { BUILDX_CONFIG: tempDir } },
    );
    const { digest: theirs } = await client.manifest(parseReference(other));
    const inOrder = async (one: PinnedReference) =>
      (await manifestsOf(one)).toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    expect(await inOrder(pin(to, digest))).toEqual(await inOrder(pin(to, theirs)));
  }, 30_000);

  it('gives the same digest in whichever order the jobs ended, and brings images from elsewhere', async () => {
    const digests = [
      await built('linux/amd64'),
      await built('linux/arm64', named('part', addresses.referrersRegistry)),
    ];
    const references = [named('1'), named('1', addresses.referrersRegistry)];
    const first = await mergeDigests({ ...{ digests, references, client, log: silent } });
    const second = await mergeDigests({
      ...{ digests: digests.toReversed(), references, client, log: silent },
    });
    expect(second).toEqual(first);
    for (const reference of references) {
      const manifests = await manifestsOf(pin(reference, first.digest));
      expect(manifests).toHaveLength(4);
      for (const { digest } of manifests) await client.manifest(pin(reference, digest));
    }
  });

  it('refuses two images of one platform, and pushes nothing', async () => {
    const to = named('never');
    const digests = [await built('linux/amd64'), await built('linux/amd64')];
    await expect(
      mergeDigests({ ...{ digests, references: [to], client, log: silent } }),
    ).rejects.toThrow(/both are of linux\/amd64/);
    await expect(client.manifest(to)).rejects.toThrow(/no repository|does not exist/);
  });
});
