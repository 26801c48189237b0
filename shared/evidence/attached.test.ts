import { describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { digestOf } from '../oci/putManifest.ts';
import { parseReference, pin } from '../oci/Reference.ts';
import { RegistryClient } from '../oci/RegistryClient.ts';
import { bundleType, predicateAnnotation } from './attachStatement.ts';
import { fetchStatement } from './fetchStatement.ts';
import { listStatements } from './listStatements.ts';

const subject = pin(parseReference('r.io/a'), digestOf('image'));
const type = 'https://x.test/v1';

/** A registry that has this content, by path, and the referrers API. */
function registry(content: Readonly<Record<string, string>>): RegistryClient {
  return new RegistryClient({
    async http({ url }: HttpRequest) {
      const body = content[url.replace('https://r.io/v2/a/', '')];
      return { status: body === undefined ? 404 : 200, headers: {}, body: Buffer.from(body ?? '') };
    },
    credentialFor: async () => undefined,
  });
}

interface Listed {
  readonly name: string;
  readonly artifactType?: string;
  readonly annotations?: Record<string, string>;
}

async function list(listed: readonly Listed[], wanted: Record<string, string> = {}) {
  const manifests = listed.map(({ name, ...fields }) => ({
    ...{ mediaType: 'm', size: 1, digest: digestOf(name), artifactType: bundleType },
    ...fields,
  }));
  const client = registry({ [`referrers/${subject.digest}`]: JSON.stringify({ manifests }) });
  const found = await listStatements(client, subject, type, wanted);
  return found.map(({ digest }) => listed.find(({ name }) => digestOf(name) === digest)?.name);
}

const created = (time: string) => ({
  'org.opencontainers.image.created': time,
  [predicateAnnotation]: type,
});

describe('listStatements', () => {
  it('gives the newest first', async () => {
    const times = ['2026-01-02', '2026-01-03', '2026-01-01'];
    const listed = times.map((name) => ({ name, annotations: created(name) }));
    expect(await list(listed)).toEqual(['2026-01-03', '2026-01-02', '2026-01-01']);
  });

  it.each<[string, Omit<Listed, 'name'>, boolean]>([
    ['of the kind that is wanted', { annotations: { ...created('1'), key: 'k' } }, true],
    ['of which nothing is told', {}, true],
    ['of which the key is not told', { annotations: created('1') }, true],
    ['of another kind', { annotations: { [predicateAnnotation]: 'x' } }, false],
    ['of another key', { annotations: { ...created('1'), key: 'x' } }, false],
    ['that is an SBOM', { artifactType: 'application/spdx+json' }, false],
  ])('one %s', async (_name, fields, isListed) => {
    expect(await list([{ name: 'a', ...fields }], { key: 'k' })).toEqual(isListed ? ['a'] : []);
  });

  it('looks at some only of very many', async () => {
    const listed = Array.from({ length: 500 }, (_, index) => ({ name: String(index) }));
    expect(await list(listed)).toHaveLength(50);
  });
});

describe('fetchStatement', () => {
  const layer = { mediaType: bundleType, digest: digestOf('{"a":1}'), size: 7 };
  const manifest = (change: object = {}) => JSON.stringify({ layers: [{ ...layer, ...change }] });
  const fetchFrom = (text: string, blob = '{"a":1}') => {
    const digest = digestOf(text);
    const path = `blobs/${digestOf(blob)}`;
    const client = registry({ [`manifests/${digest}`]: text, [path]: blob });
    return fetchStatement(client, subject, { digest }, { until: Date.now() + 1000, log: silent });
  };

  it('gives what is there', async () => {
    expect(await fetchFrom(manifest())).toEqual({ a: 1 });
  });

  it.each<[string, string, string]>([
    ['is no manifest', 'x', ''],
    ['holds nothing', '{}', ''],
    ['holds something else', manifest({ mediaType: 'text/plain' }), '{"a":1}'],
    ['says that it is too large', manifest({ size: 1e9 }), '{"a":1}'],
    ['is no JSON', manifest({ digest: digestOf('x') }), 'x'],
  ])('gives nothing for what %s', async (_name, text, blob) => {
    expect(await fetchFrom(text, blob)).toBeUndefined();
  });

  it('gives nothing for what is gone', async () => {
    const patience = { until: Date.now() + 1000, log: silent };
    const gone = { digest: digestOf('gone') };
    expect(await fetchStatement(registry({}), subject, gone, patience)).toBeUndefined();
  });
});
