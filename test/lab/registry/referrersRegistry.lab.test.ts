import { describe, expect, it } from '@jest/globals';
import { addresses } from '../addresses.ts';
import { digestOf, pushBlob, pushManifest } from './pushContent.ts';

const base = `http://${addresses.referrersRegistry}`;
const type = 'application/vnd.oci.image.manifest.v1+json';
const repository = `referrers/${Date.now().toString(36)}`;
const inToto = 'application/vnd.in-toto+json';

async function referrers(digest: string, artifactType?: string) {
  const url = new URL(`${base}/v2/${repository}/referrers/${digest}`);
  if (artifactType !== undefined) url.searchParams.set('artifactType', artifactType);
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json');
  const { manifests } = (await answer.json()) as { manifests: unknown };
  return { manifests, filters: answer.headers.get('oci-filters-applied') };
}

describe('the registry with the referrers API', () => {
  it('tells what was attached to a digest, all of it or of one type', async () => {
    const config = {
      mediaType: 'application/vnd.oci.empty.v1+json',
      ...(await pushBlob(base, repository, Buffer.from('{}'))),
    };
    const image = { schemaVersion: 2, mediaType: type, config, layers: [] };
    const subject = await pushManifest(base, repository, '1', image);
    expect(await referrers(subject)).toEqual({ manifests: [], filters: null });

    const statement = {
      ...image,
      artifactType: inToto,
      annotations: { verdict: 'pass' },
      subject: { mediaType: type, digest: subject, size: JSON.stringify(image).length },
    };
    const digest = await pushManifest(base, repository, undefined, statement);
    const size = JSON.stringify(statement).length;
    const manifests = [
      { mediaType: type, size, digest, artifactType: inToto, annotations: { verdict: 'pass' } },
    ];
    expect(await referrers(subject)).toEqual({ manifests, filters: null });
    expect(await referrers(subject, inToto)).toEqual({ manifests, filters: 'artifactType' });
    expect(await referrers(subject, 'another/type')).toEqual({
      manifests: [],
      filters: 'artifactType',
    });
    expect(await referrers(digestOf(Buffer.from('another')))).toEqual({
      manifests: [],
      filters: null,
    });
  });
});
