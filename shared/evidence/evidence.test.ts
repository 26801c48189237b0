import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseDigest } from '../oci/Reference.ts';
import { keySigner, publicKeyOf } from './keySigner.ts';
import { formatStatement, parseStatement, type Statement } from './Statement.ts';
import { signStatement } from './signStatement.ts';
import { verifyStatement } from './verifyStatement.ts';

const digest = parseDigest(`sha256:${'1'.repeat(64)}`);
const statement: Statement = {
  subject: { name: 'r.io/a', digest },
  predicateType: 'https://x.test/v1',
  predicate: { verdict: 'pass' },
};
function newKey(curve = 'P-256'): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  return privateKey.export({ format: 'pem', type: 'sec1' }).toString();
}
const [ours, other] = [newKey(), newKey()];
const trust = { keys: [publicKeyOf(ours)] };

describe('a signed statement', () => {
  it('is read by whoever trusts the key, also while one key follows another', async () => {
    const bundle = await signStatement(statement, keySigner(ours));
    expect(verifyStatement(bundle, trust)).toEqual(statement);
    const both = { keys: [publicKeyOf(other), publicKeyOf(ours)] };
    expect(verifyStatement(JSON.parse(JSON.stringify(bundle)), both)).toEqual(statement);
    // cosign refuses an id that it does not know.
    expect(bundle.dsseEnvelope?.signatures[0]?.keyid ?? '').toBe('');
  });

  const changed = (change: (bundle: Record<string, never>) => unknown) => async () =>
    change(JSON.parse(JSON.stringify(await signStatement(statement, keySigner(ours)))));
  const envelope = (bundle: object) =>
    (bundle as { dsseEnvelope: Record<string, unknown> }).dsseEnvelope;
  it.each<[string, () => Promise<unknown>, string]>([
    ['of another key', () => signStatement(statement, keySigner(other)), 'signed by another key'],
    [
      'of which the content was changed',
      changed((bundle) => {
        const forged = { ...statement, predicate: { verdict: 'fail' } };
        envelope(bundle).payload = formatStatement(forged).toString('base64');
        return bundle;
      }),
      'signed by another key',
    ],
    [
      'of which the signature is gone',
      changed((bundle) => {
        envelope(bundle).signatures = [];
        return bundle;
      }),
      'not a signed statement',
    ],
    [
      'of another type',
      changed((bundle) => {
        envelope(bundle).payloadType = 'text/plain';
        return bundle;
      }),
      'signed by another key',
    ],
    ['that is nothing', async () => undefined, 'not a signed statement'],
    ['that is something else', async () => ({ mediaType: 'x' }), 'not a signed statement'],
  ])('%s counts as none', async (_name, make, why) => {
    const bundle = await make();
    expect(() => verifyStatement(bundle, trust)).toThrow(why);
  });
});

describe('keySigner', () => {
  it.each([
    ['no key', 'hunter2hunter2', 'is not a private key in PEM'],
    ['another curve', newKey('P-384'), 'It is one of ec on secp384r1'],
    [
      'another kind',
      generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      'It is one of ed25519',
    ],
  ])('refuses %s, and does not show it', (_name, pem, why) => {
    expect(() => keySigner(pem)).toThrow(why);
    expect(() => keySigner(pem)).not.toThrow(pem.trim().split('\n')[1] ?? pem);
  });
});

describe('parseStatement', () => {
  const json = JSON.parse(formatStatement(statement).toString());
  it.each<[string, unknown, boolean]>([
    ['ours', json, true],
    ["cosign's, of in-toto 0.1", { ...json, _type: 'https://in-toto.io/Statement/v0.1' }, true],
    ['of another format', { ...json, _type: 'x' }, false],
    ['about two things', { ...json, subject: [json.subject[0], json.subject[0]] }, false],
    ['about nothing', { ...json, subject: [] }, false],
    ['without a digest of sha256', { ...json, subject: [{ name: 'a', digest: {} }] }, false],
    ['null', null, false],
  ])('%s', (_name, value, read) => {
    const found = parseStatement(Buffer.from(JSON.stringify(value)));
    expect(found).toEqual(read ? statement : undefined);
  });
});
