import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Oidc, startOidc } from '../../test/lab/doubles/oidc.ts';
import { labContext } from '../../test/lab/lab.ts';
import {
  authority,
  startSigstore,
  type TestSigstore,
} from '../../test/lab/sigstore/startSigstore.ts';
import { throwAwayCertificate } from '../../test/lab/throwAwayCertificate.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { parseDigest } from '../oci/Reference.ts';
import { fulcioSigner } from './fulcioSigner.ts';
import type { Statement } from './Statement.ts';
import type { TrustedIdentity } from './signedByIdentity.ts';
import { signStatement } from './signStatement.ts';
import { timestampWitness } from './timestampWitness.ts';
import { verifyStatement } from './verifyStatement.ts';

let oidc: Oidc;
let sigstore: TestSigstore;
beforeAll(async () => {
  oidc = await startOidc();
  sigstore = await startSigstore(labContext(silent), oidc.issuer);
}, 300_000);
afterAll(async () => {
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
});

const http = httpClient({ env: {}, log: silent });
const statement: Statement = {
  subject: { name: 'r.io/a', digest: parseDigest(`sha256:${'1'.repeat(64)}`) },
  predicateType: 'https://x.test/v1',
  predicate: { verdict: 'pass' },
};

function sign(claims: Record<string, string> = {}, witnessed = true) {
  const identityToken = () => oidc.mint('sigstore', claims);
  return signStatement(
    statement,
    fulcioSigner({ http, url: sigstore.fulcio, identityToken }),
    witnessed ? [timestampWitness({ http, url: sigstore.timestamps })] : [],
  );
}

function trust(change: Partial<TrustedIdentity> = {}) {
  const identity: TrustedIdentity = {
    trustedRoot: sigstore.trustedRoot,
    issuer: oidc.issuer,
    repositoryUrl: 'https://github.com/acme/web',
    ref: 'refs/heads/main',
    triggers: ['push', 'schedule'],
    ...change,
  };
  return { keys: [], identity };
}

describe('a statement that a job signed without a key', () => {
  it('counts when the job is the trusted one', async () => {
    expect(verifyStatement(await sign(), trust())).toEqual(statement);
  });

  it.each<[string, Record<string, string>, Partial<TrustedIdentity>, string]>([
    [
      'another repository',
      { repository: 'eve/web' },
      {},
      'the repositoryUrl is https://github.com/eve/web',
    ],
    ['another branch', { ref: 'refs/heads/x' }, {}, 'the ref is refs/heads/x, not refs/heads/main'],
    ['another event', { event_name: 'workflow_run' }, {}, 'the trigger is workflow_run'],
    [
      'another issuer',
      {},
      { issuer: 'https://token.actions.githubusercontent.com' },
      'the issuer is http://127',
    ],
  ])('of %s counts as none', async (_name, claims, change, why) => {
    const bundle = await sign(claims);
    expect(() => verifyStatement(bundle, trust(change))).toThrow(why);
  });

  it('counts as none when nobody witnessed the time', async () => {
    const bundle = await sign({}, false);
    expect(() => verifyStatement(bundle, trust())).toThrow('its certificate does not hold');
  });

  it('counts as none under other authorities', async () => {
    const bundle = await sign();
    const { ca } = await throwAwayCertificate(['localhost']);
    const trustedRoot = { ...sigstore.trustedRoot, certificateAuthorities: [authority(ca)] };
    expect(() => verifyStatement(bundle, trust({ trustedRoot }))).toThrow('does not hold');
  }, 60_000);

  it('counts as none where only keys are trusted', async () => {
    const bundle = await sign();
    expect(() => verifyStatement(bundle, { keys: [] })).toThrow('only keys are trusted');
  });

  it('is not made with a token for somebody else', async () => {
    const identityToken = () => oidc.mint('api://AzureADTokenExchange');
    const signer = fulcioSigner({ http, url: sigstore.fulcio, identityToken });
    await expect(signStatement(statement, signer)).rejects.toThrow('gave no certificate');
  });

  it('says so when the trusted root is none', async () => {
    const bundle = await sign();
    expect(() => verifyStatement(bundle, trust({ trustedRoot: {} }))).toThrow('trusted root');
  });
});
