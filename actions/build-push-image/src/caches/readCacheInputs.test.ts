import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InputReader } from '../../../../shared/action/InputReader.ts';
import { readCacheInputs } from './readCacheInputs.ts';
import { openSigning } from './signed/openSigning.ts';

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'inputs-'));
  writeFileSync(join(workspace, 'root.json'), '{"tlogs":[]}');
});
afterAll(() => rmSync(workspace, { recursive: true }));

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const masked: string[] = [];

async function read(inputs: Readonly<Record<string, string>>) {
  const env = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const reader = new InputReader(env, (secret) => masked.push(secret));
  const found = await readCacheInputs(reader, workspace);
  reader.finish();
  return found;
}

const nothing = {
  mode: undefined,
  persistMounts: false,
  mountsLimitBytes: 2 * 1024 ** 3,
  signing: undefined,
};

describe('readCacheInputs', () => {
  it.each<[string, Record<string, string>, object]>([
    ['nothing', {}, nothing],
    ['a kind', { cache: 'gha' }, { ...nothing, mode: 'gha' }],
    [
      'mounts',
      { 'cache-mounts': 'persist', 'cache-mounts-limit': '500m' },
      { ...nothing, persistMounts: true, mountsLimitBytes: 500 * 1024 ** 2 },
    ],
    ['signing off', { 'cache-signing': 'off', 'cache-signing-key': key }, nothing],
    [
      'a key',
      { 'cache-signing': 'key', 'cache-signing-key': key },
      { ...nothing, signing: { by: 'key', key, publicKeys: [] } },
    ],
    [
      'public keys alone, where there are no secrets',
      { 'cache-signing': 'key', 'cache-signing-public-keys': `${publicKey}\n${publicKey}` },
      {
        ...nothing,
        signing: { by: 'key', key: undefined, publicKeys: [publicKey.trim(), publicKey.trim()] },
      },
    ],
    [
      'no key at all',
      { 'cache-signing': 'keyless', 'trusted-root': 'root.json' },
      {
        ...nothing,
        signing: {
          by: 'identity',
          fulcioUrl: 'https://fulcio.sigstore.dev',
          timestampUrl: 'https://timestamp.sigstore.dev/api/v1/timestamp',
          trustedRoot: { tlogs: [] },
        },
      },
    ],
  ])('%s', async (_name, inputs, expected) => {
    expect(await read(inputs)).toEqual(expected);
  });

  it.each<[Record<string, string>, string]>([
    [{ cache: 'registri' }, 'Did you mean registry?'],
    [{ 'cache-mounts': 'yes' }, 'Write one of persist, off.'],
    [{ 'cache-mounts-limit': 'much' }, 'Input cache-mounts-limit: is not a size'],
    [{ 'cache-signing': 'key' }, 'is `key`, and no key was given'],
    [{ 'cache-signing': 'keyless' }, 'no authorities are named'],
    [{ 'trusted-root': 'nowhere.json' }, 'Input trusted-root: is not a file of JSON'],
    [{ 'fulcio-url': 'fulcio' }, 'Input fulcio-url: is not an address'],
    [{ 'cache-signing-public-keys': 'x' }, 'holds no public key'],
  ])('%j', async (inputs, message) => {
    const error = (await read(inputs).catch((thrown) => thrown)) as AggregateError;
    expect(error.errors.map(String).join('\n')).toContain(message);
  });

  it('masks a key, and never quotes one that is wrong', async () => {
    const wrong = 'hunter2hunter2';
    const error = (await read({ 'cache-signing-key': wrong }).catch(
      (thrown) => thrown,
    )) as AggregateError;
    expect(error.errors.map(String).join()).toMatch(/is not an ECDSA key on P-256 in PEM\./);
    expect(error.errors.map(String).join()).not.toContain(wrong);
    expect(masked).toContain(wrong);
  });
});

describe('openSigning', () => {
  const facts = {
    serverUrl: 'https://github.com',
    repository: 'acme/web',
    defaultBranch: 'main',
    issuer: 'https://issuer.test',
  };
  const none = () => Promise.reject(new Error('Nobody is asked before something is signed.'));

  it('trusts its own key and those that are named', () => {
    const { trust, signer } = openSigning(
      { by: 'key', key, publicKeys: ['other'] },
      facts,
      none,
      none,
    );
    expect(trust).toEqual({ keys: ['other', publicKey] });
    expect(signer).toBeDefined();
  });

  it('signs nothing where there is no key', () => {
    const { signer } = openSigning(
      { by: 'key', key: undefined, publicKeys: [publicKey] },
      facts,
      none,
      none,
    );
    expect(signer).toBeUndefined();
  });

  it('trusts the default branch of this repository, by its identity', () => {
    const { trust } = openSigning(
      {
        by: 'identity',
        fulcioUrl: 'https://f.test',
        timestampUrl: 'https://t.test',
        trustedRoot: {},
      },
      facts,
      none,
      none,
    );
    expect(trust.identity).toMatchObject({
      issuer: 'https://issuer.test',
      repositoryUrl: 'https://github.com/acme/web',
      ref: 'refs/heads/main',
    });
    expect(trust.identity).not.toMatchObject({
      triggers: expect.arrayContaining(['workflow_run']),
    });
  });
});
