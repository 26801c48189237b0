import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Oidc, startOidc } from '../../test/lab/doubles/oidc.ts';
import { labContext } from '../../test/lab/lab.ts';
import {
  type OpenRegistry,
  openRegistry,
  pushSmallest,
  registryKinds,
} from '../../test/lab/registry/openRegistry.ts';
import { type Cosign, openCosign, signingConfig } from '../../test/lab/sigstore/cosign.ts';
import { startSigstore, type TestSigstore } from '../../test/lab/sigstore/startSigstore.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { digestOf } from '../oci/putManifest.ts';
import { formatReference, type PinnedReference, pin } from '../oci/Reference.ts';
import { attachStatement } from './attachStatement.ts';
import { identitySigner } from './identitySigner.ts';
import { keySigner, publicKeyOf } from './keySigner.ts';
import type { Statement } from './Statement.ts';
import type { StatementSigner } from './StatementSigner.ts';
import { type Bundle, signStatement } from './signStatement.ts';
import { verdictPredicate, verdictStatement } from './verdictStatement.ts';
import { verifyEvidence } from './verifyEvidence.ts';
import type { Trust } from './verifyStatement.ts';
import { vulnsPredicate, vulnsStatement } from './vulnsStatement.ts';

const lab = labContext(silent);
const http = httpClient({ env: {}, log: silent });
const workflow = 'https://github.com/acme/web/.github/workflows/deploy.yml@refs/heads/main';
const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'sec1' })
    .toString();
const [ours, other] = [newKey(), newKey()];

let cosign: Cosign;
let oidc: Oidc;
let sigstore: TestSigstore;
let root: string;
let byIdentity: StatementSigner;
beforeAll(async () => {
  cosign = await openCosign(lab);
  oidc = await startOidc();
  sigstore = await startSigstore(lab, oidc.issuer);
  root = await cosign.write('root.json', sigstore.trustedRoot);
  await cosign.write('ours.pub', publicKeyOf(ours));
  await cosign.write('other.pub', publicKeyOf(other));
  byIdentity = identitySigner({
    ...{ http, fulcioUrl: sigstore.fulcio, timestampUrl: sigstore.timestamps },
    identityToken: (audience) => oidc.mint(audience),
  });
}, 300_000);
afterAll(async () => {
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
  await cosign?.[Symbol.asyncDispose]();
});

const patience = () => ({ until: Date.now() + 30_000, log: silent });
const digest = digestOf('something');

function verdictOf(subject: PinnedReference): Statement {
  return verdictStatement({
    ...{ subject, verifier: 'https://x.test/gate', verifiedAt: new Date(), outcome: 'pass' },
    ...{ policy: { name: 'production', digest }, inputs: [{ uri: 'https://x.test', digest }] },
  });
}

function scanOf(subject: PinnedReference): Statement {
  return vulnsStatement({
    ...{ subject, startedAt: new Date(), finishedAt: new Date(), findings: [] },
    scanner: { name: 'Trivy', version: '0.74.0', uri: 'pkg:github/aquasecurity/trivy@v0.74.0' },
    database: { source: 'r.io/db', digest, updatedAt: new Date() },
  });
}

const attach = ({ client }: OpenRegistry, to: PinnedReference, bundle: Bundle, type: string) =>
  attachStatement(client, to, { bundle, predicateType: type }, patience());

function withKey(name: string): string[] {
  return ['--key', `${cosign.folder}/${name}.pub`, '--insecure-ignore-tlog'];
}

function withIdentity(name = workflow, issuer = oidc.issuer): string[] {
  return [
    ...['--trusted-root', root, '--certificate-identity', name],
    ...['--certificate-oidc-issuer', issuer, '--use-signed-timestamps'],
    ...['--insecure-ignore-tlog', '--insecure-ignore-sct'],
  ];
}

const verify = ({ env }: OpenRegistry, subject: PinnedReference, type: string, by: string[]) =>
  cosign.run(['verify-attestation', ...by, '--type', type, formatReference(subject)], env);

describe.each(registryKinds)('cosign and we, in a registry %s', (kind) => {
  let registry: OpenRegistry;
  let subject: PinnedReference;
  beforeAll(async () => {
    registry = await openRegistry(lab, kind, cosign.folder);
    subject = await pushSmallest(registry.client, registry.host);
  });

  it('it accepts what our key signed, and no other key', async () => {
    for (const made of [scanOf(subject), verdictOf(subject)]) {
      const bundle = await signStatement(made, keySigner(ours));
      await attach(registry, subject, bundle, made.predicateType);
    }
    for (const type of [vulnsPredicate, verdictPredicate]) {
      expect(await verify(registry, subject, type, withKey('ours'))).toMatchObject({ exitCode: 0 });
      const { exitCode, stderr } = await verify(registry, subject, type, withKey('other'));
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/accepted signatures do not match threshold/);
    }
  }, 60_000);

  it('it prints the verdict, which is another thing than the signature', async () => {
    const image = await pushSmallest(registry.client, registry.host);
    const bundle = await signStatement(verdictOf(image), keySigner(ours));
    await attach(registry, image, bundle, verdictPredicate);
    const { stdout } = await verify(registry, image, verdictPredicate, withKey('ours'));
    const { payload } = JSON.parse(stdout) as { payload: string };
    const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as object;
    expect(statement).toMatchObject({ predicate: { verificationResult: 'PASSED' } });
  }, 60_000);

  it('it accepts what a job signed, and no other job', async () => {
    const image = await pushSmallest(registry.client, registry.host);
    const bundle = await signStatement(verdictOf(image), byIdentity.signer, byIdentity.witnesses);
    await attach(registry, image, bundle, verdictPredicate);
    const { exitCode, stderr } = await verify(registry, image, verdictPredicate, withIdentity());
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    for (const by of [
      withIdentity(workflow.replace('main', 'x')),
      withIdentity(workflow.replace('acme', 'eve')),
      withIdentity(workflow, 'https://token.actions.githubusercontent.com'),
    ]) {
      const denied = await verify(registry, image, verdictPredicate, by);
      expect(denied.exitCode).not.toBe(0);
      expect(denied.stderr).toMatch(/no matching CertificateIdentity found/);
    }
  }, 60_000);

  it.each<[string, (image: PinnedReference) => Promise<Bundle>, RegExp, RegExp]>([
    [
      'of which one byte differs',
      async (image) => {
        const bundle = await signStatement(verdictOf(image), keySigner(ours));
        const { payload, payloadType, signatures } = bundle.dsseEnvelope ?? {};
        const bytes = Buffer.from(payload ?? '', 'base64');
        const at = bytes.indexOf('production');
        bytes[at] = 'P'.charCodeAt(0);
        return {
          ...bundle,
          dsseEnvelope: { payload: bytes.toString('base64'), payloadType, signatures },
        } as Bundle;
      },
      /accepted signatures do not match threshold/,
      /^it is signed by another key$/,
    ],
    [
      'about another digest',
      (image) => signStatement(verdictOf(pin(image, digest)), keySigner(ours)),
      /artifact digest does not match any digest in statement/,
      /^what is signed is another digest$/,
    ],
  ])(
    'neither accepts a statement %s',
    async (_what, make, cosignSays, weSay) => {
      const image = await pushSmallest(registry.client, registry.host);
      await attach(registry, image, await make(image), verdictPredicate);
      const { exitCode, stderr } = await verify(registry, image, verdictPredicate, withKey('ours'));
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(cosignSays);
      const trust = { keys: [publicKeyOf(ours)] };
      const seen = await verifyEvidence(
        registry.client,
        image,
        { trust, now: new Date() },
        patience(),
      );
      expect(seen).toEqual({ ok: false, why: expect.stringMatching(weSay) });
    },
    60_000,
  );

  it('we accept what it signed: by the key or the job that is trusted, and by no other', async () => {
    const { predicate } = verdictOf(subject);
    const file = await cosign.write('predicate.json', predicate);
    const pem = await cosign.write('theirs.pem', newKey());
    const prefix = `${cosign.folder}/theirs-${registry.host.replace(':', '-')}`;
    await cosign.must(['import-key-pair', '--key', pem, '--output-key-prefix', prefix, '-y']);
    const keyed = await pushSmallest(registry.client, registry.host);
    const signed = ['attest', '-y', '--type', verdictPredicate, '--predicate', file];
    const services = { sigstore, issuer: oidc.issuer };
    await cosign.must(
      [
        ...[...signed, '--key', `${prefix}.key`, '--signing-config', await signingConfig(cosign)],
        ...['--trusted-root', root, formatReference(keyed)],
      ],
      registry.env,
    );
    const identified = await pushSmallest(registry.client, registry.host);
    await cosign.must(
      [
        ...[...signed, '--signing-config', await signingConfig(cosign, services)],
        ...['--identity-token', await oidc.mint('sigstore'), '--trusted-root', root],
        formatReference(identified),
      ],
      registry.env,
    );
    const see = (image: PinnedReference, trust: Trust) =>
      verifyEvidence(
        registry.client,
        image,
        { policy: 'production', trust, maxAgeMs: 60_000, now: new Date() },
        patience(),
      );
    const theirs = createPublicKey(await readFile(`${prefix}.pub`, 'utf8')).export({
      format: 'pem',
      type: 'spki',
    });
    expect(await see(keyed, { keys: [theirs.toString()] })).toMatchObject({ ok: true });
    expect(await see(keyed, { keys: [publicKeyOf(ours)] })).toMatchObject({
      why: 'it is signed by another key',
    });
    const { trustedRoot } = sigstore;
    const identity = { trustedRoot, issuer: oidc.issuer, name: workflow };
    expect(await see(identified, { keys: [], identity })).toMatchObject({ ok: true });
    const eve = { ...identity, name: workflow.replace('acme', 'eve') };
    expect(await see(identified, { keys: [], identity: eve })).toMatchObject({
      why: expect.stringMatching(/the name is .*acme.*, not .*eve/),
    });
  }, 60_000);
});
