import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyEvidence } from '../../../../shared/evidence/verifyEvidence.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import { type Log, silent } from '../../../../shared/log/Log.ts';
import { listReferrers } from '../../../../shared/oci/listReferrers.ts';
import { digestOf } from '../../../../shared/oci/putManifest.ts';
import { type PinnedReference, parseReference, pin } from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import type { Judgement } from '../../../../shared/verdict/Verdict.ts';
import { addresses } from '../../../../test/lab/addresses.ts';
import { authority } from '../../../../test/lab/authority.ts';
import { type Oidc, startOidc } from '../../../../test/lab/doubles/oidc.ts';
import { startFaultProxy } from '../../../../test/lab/faults/faultProxy.ts';
import { labContext } from '../../../../test/lab/lab.ts';
import { startTestAcr } from '../../../../test/lab/registry/acr/startTestAcr.ts';
import {
  openRegistry,
  pushSmallest,
  registryKinds,
} from '../../../../test/lab/registry/openRegistry.ts';
import { startSigstore, type TestSigstore } from '../../../../test/lab/sigstore/startSigstore.ts';
import { type Attestation, attestAsWished } from './attestAsWished.ts';
import { findReusable } from './findReusable.ts';
import type { EvidenceInputs } from './readEvidenceInputs.ts';
import { reuseTrust } from './reuseTrust.ts';
import { whatToAttest } from './whatToAttest.ts';

const lab = labContext(silent);
const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'sec1' })
    .toString();
const key = newKey();
const reuse = digestOf('all inputs');
const policy = { name: 'production', digest: digestOf('policy') };

let folder: string;
let oidc: Oidc;
let sigstore: TestSigstore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  oidc = await startOidc();
  sigstore = await startSigstore(lab, oidc.issuer);
}, 300_000);
afterAll(async () => {
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const inputs: EvidenceInputs = {
  ...{ attest: 'auto', reuse: true, key, fulcioUrl: undefined, timestampUrl: undefined },
  trustedRoot: undefined,
};
const byJob = (): EvidenceInputs => ({
  ...inputs,
  key: undefined,
  fulcioUrl: sigstore.fulcio,
  timestampUrl: sigstore.timestamps,
  trustedRoot: sigstore.trustedRoot,
});
const trust = (from: EvidenceInputs) =>
  reuseTrust(from, {
    ...{ repositoryUrl: 'https://github.com/acme/web', defaultBranch: 'main' },
    issuer: oidc.issuer,
  });
const patience = () => ({ until: Date.now() + 30_000, log: silent });

function told(): { log: Log; said: string[][] } {
  const said: string[][] = [];
  const log = {
    ...silent,
    notice: (text: string) => void said.push(['notice', text]),
    warning: (text: string) => void said.push(['warning', text]),
  };
  return { log, said };
}

function judged(subject: PinnedReference, outcome: Judgement['verdict']['outcome'] = 'violation') {
  const inspection: Inspection = {
    ...{ subject: 'web', findings: [], gaps: [], notices: [], facts: [] },
    database: { source: 'r.io/db', digest: digestOf('db'), updatedAt: new Date() },
    scanner: { name: 'Trivy', version: '0.74.0' },
  };
  const judgement: Judgement = {
    verdict: { outcome, reason: 'Why.', remedy: 'Do.', details: undefined },
    ...{ counted: [], known: [], waived: [], others: [], notices: [] },
  };
  const at = new Date();
  return whatToAttest(inspection, judgement, {
    ...{ subject, policy, startedAt: at, finishedAt: at, lookedForVulnerabilities: true },
    reusable: { key: reuse, validUntil: undefined },
  });
}

async function attest(
  client: RegistryClient,
  subject: PinnedReference,
  change: Partial<EvidenceInputs> = {},
  claims: Record<string, string> = {},
): Promise<Attestation & { said: string[][] }> {
  const { log, said } = told();
  const done = await attestAsWished({ ...inputs, ...change }, judged(subject), {
    ...{ client, log, patience: patience(), http: httpClient({ env: {}, log: silent }) },
    identityToken: (audience) => oidc.mint(audience, claims),
  });
  return { ...done, said };
}

const find = (client: RegistryClient, subject: PinnedReference, from = inputs, wanted = reuse) =>
  findReusable(
    client,
    subject,
    { key: wanted, trust: trust(from), maxAgeMs: 3_600_000, now: new Date() },
    patience(),
  );

describe.each(registryKinds)('a verdict in a registry %s', (kind) => {
  it('is found again: by the same key, with few requests', async () => {
    const requests: string[] = [];
    const { client, host } = await openRegistry(lab, kind, folder, (one) => requests.push(one));
    const subject = await pushSmallest(client, host);
    const { attached, failure, said } = await attest(client, subject);
    expect([failure, said]).toEqual([undefined, []]);
    expect(attached).toEqual({ scan: expect.any(String), verdict: expect.any(String) });

    const again = await openRegistry(lab, kind, folder, (one) => requests.push(one));
    requests.length = 0;
    const started = performance.now();
    const { retold } = await find(again.client, subject);
    expect(performance.now() - started).toBeLessThan(1000);
    // Is it TLS, a login and its token, two lists, the artifact, its content.
    expect(requests.length).toBeLessThanOrEqual(8);
    expect(retold?.judgement.verdict).toMatchObject({ outcome: 'violation', reason: 'Why.' });

    expect(await find(client, subject, { ...inputs, key: newKey() })).toEqual({
      why: 'it is signed by another key',
    });
    // Of other inputs nothing is fetched: the list says so.
    expect(await find(client, subject, inputs, digestOf('x'))).toEqual({ why: 'nobody signed it' });
    const shown = { trust: trust(inputs), policy: 'production', now: new Date() };
    expect(await verifyEvidence(client, subject, shown, patience())).toMatchObject({
      why: expect.stringMatching(/that it violates .*policies\/production/),
    });
  }, 60_000);

  it('is found again when a job of the default branch signed it, and of no other', async () => {
    const { client, host } = await openRegistry(lab, kind, folder);
    const subject = await pushSmallest(client, host);
    const from = byJob();
    expect(await attest(client, subject, from, { ref: 'refs/pull/1/merge' })).toMatchObject({
      attached: {},
      said: [],
    });
    expect(await find(client, subject, from)).toMatchObject({
      why: expect.stringMatching(/the ref is refs\/pull\/1\/merge, not refs\/heads\/main/),
    });
    await attest(client, subject, from);
    expect(await find(client, subject, from)).toMatchObject({ retold: {} });
  }, 60_000);
});

it('jobs that attach at the same time do not lose what others attached', async () => {
  const { client, host } = await openRegistry(lab, 'distribution', folder);
  const subject = await pushSmallest(client, host);
  const jobs = await Promise.all([1, 2, 3].map(() => attest(client, subject)));
  const { manifests } = await listReferrers(client, subject);
  const listed = manifests.map(({ digest }) => digest).sort();
  expect(listed).toEqual(
    jobs.flatMap(({ attached }) => [attached?.scan, attached?.verdict]).sort(),
  );
}, 60_000);

describe('what keeps evidence from being attached', () => {
  it('a role that is missing is named', async () => {
    const pusher = await openRegistry(lab, 'like ACR', folder);
    const pushed = await pushSmallest(pusher.client, pusher.host);
    await using acr = await startTestAcr(lab, {
      assignments: [{ principal: '*', role: 'AcrPull' }],
    });
    const identityToken = await acr.tokens.refreshToken({ oid: 'o', appid: 'a' });
    const ca = await readFile((await authority(lab)).cert, 'utf8');
    const client = new RegistryClient({
      http: httpClient({ env: {}, log: silent, ca }),
      credentialFor: async () => ({ identityToken }),
    });
    const subject = pin(parseReference(`${acr.host}/${pushed.repository}`), pushed.digest);
    const { said, failure } = await attest(client, subject);
    expect(failure).toBeUndefined();
    expect(said).toEqual([
      ['notice', expect.stringMatching(/^No evidence is attached to .* Give it the role AcrPush/)],
    ]);
    const asked = await attest(client, subject, { attest: 'true' });
    expect(asked).toMatchObject({
      said: [],
      failure: { remedy: expect.stringMatching(/role AcrPush/) },
    });
    expect(await find(client, subject)).toEqual({ why: 'nobody signed it' });
  }, 60_000);

  it('trouble of the registry is a warning, and no reason for reuse to fail', async () => {
    const answer = { kind: 'answer' as const, status: 500, body: '{}' };
    await using proxy = await startFaultProxy({ target: `http://${addresses.registry}` });
    const { client } = await openRegistry(lab, 'distribution', folder);
    const subject = await pushSmallest(client, proxy.address);
    proxy.add({ path: /manifests|referrers/, fault: { ...answer, status: 418 } });
    expect((await attest(client, subject)).said).toEqual([
      ['warning', expect.stringMatching(/^No evidence is attached to .* 418/)],
    ]);
    expect(await find(client, subject)).toEqual({ why: expect.stringMatching(/418/) });
  }, 60_000);

  it('nobody signs: without a key and an identity nothing is written', async () => {
    const { client, host } = await openRegistry(lab, 'distribution', folder);
    const subject = await pushSmallest(client, host);
    const said: string[] = [];
    const log = { ...silent, info: (text: string) => void said.push(text) };
    const effects = {
      ...{ client, log, patience: patience(), identityToken: undefined },
      http: httpClient({ env: {}, log: silent }),
    };
    const what = judged(subject);
    expect(await attestAsWished({ ...inputs, key: undefined }, what, effects)).toEqual({});
    expect(said).toEqual([expect.stringMatching(/no `signing-key`, and .* no identity/)]);
    const asked = { ...inputs, key: undefined, attest: 'true' as const };
    expect(await attestAsWished(asked, what, effects)).toMatchObject({
      failure: { what: 'No evidence can be attached.' },
    });
    const { manifests } = await listReferrers(client, subject);
    expect(manifests).toEqual([]);
  });

  it('an authority that refuses is a warning', async () => {
    const { client, host } = await openRegistry(lab, 'distribution', folder);
    const subject = await pushSmallest(client, host);
    const { said } = await attest(client, subject, byJob(), { aud: 'another' });
    expect(said).toEqual([['warning', expect.stringMatching(/gave no certificate for this job/)]]);
  }, 60_000);

  it('an incomplete verdict claims nothing', async () => {
    const { client, host } = await openRegistry(lab, 'distribution', folder);
    const subject = await pushSmallest(client, host);
    const { log } = told();
    const http = httpClient({ env: {}, log: silent });
    const effects = { client, log, http, patience: patience(), identityToken: undefined };
    expect(await attestAsWished(inputs, judged(subject, 'incomplete'), effects)).toEqual({});
    expect((await listReferrers(client, subject)).manifests).toEqual([]);
  });
});
