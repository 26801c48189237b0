import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InputReader } from '../../../../shared/action/InputReader.ts';
import { planSigning } from '../../../../shared/evidence/planSigning.ts';
import { type EvidenceInputs, readEvidenceInputs } from './readEvidenceInputs.ts';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString();
let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'inputs-'));
  writeFileSync(join(workspace, 'root.json'), '{"tlogs":[]}');
});
afterAll(() => rmSync(workspace, { recursive: true }));

async function read(inputs: Readonly<Record<string, string>>, masked: string[] = []) {
  const env = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const reader = new InputReader(env, (secret) => masked.push(secret));
  const found = await readEvidenceInputs(reader, workspace);
  reader.finish();
  return found;
}

const nothing: EvidenceInputs = {
  ...{ attest: 'auto', reuse: false, key: undefined, fulcioUrl: undefined },
  ...{ timestampUrl: undefined, trustedRoot: undefined },
};

describe('readEvidenceInputs', () => {
  it.each<[string, Record<string, string>, Partial<EvidenceInputs>]>([
    ['nothing', {}, {}],
    ['a wish', { attest: 'true' }, { attest: 'true' }],
    ['a key', { 'signing-key': key, reuse: 'on' }, { key, reuse: true }],
    [
      'authorities',
      { reuse: 'on', 'trusted-root': 'root.json', 'fulcio-url': 'https://f.test' },
      { reuse: true, trustedRoot: { tlogs: [] }, fulcioUrl: 'https://f.test' },
    ],
  ])('%s', async (_name, inputs, expected) => {
    expect(await read(inputs)).toEqual({ ...nothing, ...expected });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['another wish', { attest: 'yes' }, /"yes" is not a wish/],
    ['reuse of nobody', { reuse: 'on' }, /nobody is named whose verdicts/],
    ['no address', { 'fulcio-url': 'x' }, /fulcio-url: is not an address/],
    ['no root', { 'trusted-root': 'none.json' }, /trusted-root: is not a file of JSON/],
  ])('refuses %s', async (_name, inputs, why) => {
    await expect(read(inputs)).rejects.toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ message: expect.stringMatching(why) })],
      }),
    );
  });

  it('masks a key, and does not show a wrong one', async () => {
    const masked: string[] = [];
    await expect(read({ 'signing-key': 'hunter2' }, masked)).rejects.toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ message: expect.not.stringMatching('hunter2') })],
      }),
    );
    expect(masked).toContain('hunter2');
  });
});

describe('planSigning', () => {
  it.each<[Partial<EvidenceInputs>, boolean, object]>([
    [{ key }, false, { by: 'key', key }],
    [{ key, fulcioUrl: 'https://f.test' }, true, { by: 'key' }],
    [{}, false, { by: 'nobody', why: expect.stringMatching(/no identity/) }],
    [{ attest: 'true' }, false, { by: 'nobody', why: expect.stringMatching(/no identity/) }],
    [{}, true, { by: 'nobody', why: expect.stringMatching(/no authority was named/) }],
    [{ fulcioUrl: 'https://f.test' }, true, { by: 'identity', fulcioUrl: 'https://f.test' }],
    [
      { attest: 'true' },
      true,
      {
        ...{ by: 'identity', fulcioUrl: 'https://fulcio.sigstore.dev' },
        timestampUrl: 'https://timestamp.sigstore.dev/api/v1/timestamp',
      },
    ],
  ])('%#: %o, an identity: %s', (inputs, hasIdentity, plan) => {
    expect(planSigning({ ...nothing, ...inputs }, hasIdentity)).toMatchObject(plan);
  });
});
