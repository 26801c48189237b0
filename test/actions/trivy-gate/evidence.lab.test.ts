import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicKeyOf } from '../../../shared/evidence/keySigner.ts';
import { verdictPredicate } from '../../../shared/evidence/verdictStatement.ts';
import { vulnsPredicate } from '../../../shared/evidence/vulnsStatement.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { listReferrers } from '../../../shared/oci/listReferrers.ts';
import { parseDigest, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { type Oidc, startOidc } from '../../lab/doubles/oidc.ts';
import { figure } from '../../lab/figure.ts';
import { labContext } from '../../lab/lab.ts';
import { pushManifest } from '../../lab/registry/pushContent.ts';
import { type Cosign, openCosign } from '../../lab/sigstore/cosign.ts';
import { startSigstore, type TestSigstore } from '../../lab/sigstore/startSigstore.ts';
import { trivyDbRepository } from '../../lab/trivy-db/trivyDb.ts';
import { filesWith } from '../build-push-image/filesWith.ts';
import { type GateWorkspace, gateIn, type Inputs } from './gateIn.ts';
import { contents, push } from './images.ts';

const lab = labContext(silent);
const workflow = 'https://github.com/acme/web/.github/workflows/deploy.yml@refs/heads/main';
const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'sec1' })
    .toString();
const [ours, other] = [newKey(), newKey()];

let cosign: Cosign;
let oidc: Oidc;
let sigstore: TestSigstore;
let trivy: string;
beforeAll(async () => {
  cosign = await openCosign(lab);
  await cosign.write('ours.pub', publicKeyOf(ours));
  await cosign.write('other.pub', publicKeyOf(other));
  oidc = await startOidc();
  sigstore = await startSigstore(lab, oidc.issuer);
  trivy = await lab.program('trivy');
}, 300_000);
afterAll(async () => {
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
  await cosign?.[Symbol.asyncDispose]();
});

/** What is attached to the digest. */
async function attached(image: string): Promise<readonly unknown[]> {
  const client = new RegistryClient({
    http: httpClient({ env: {}, log: silent }),
    credentialFor: async () => undefined,
  });
  const reference = parseReference(image);
  const subject = pin(reference, parseDigest(reference.digest ?? ''));
  return (await listReferrers(client, subject)).manifests;
}

function verify(image: string, type: string, by: readonly string[]) {
  return cosign.run(['verify-attestation', ...by, '--type', type, image]);
}

const byKey = (name: string) => [
  '--key',
  join(cosign.folder, `${name}.pub`),
  '--insecure-ignore-tlog',
];

/** Puts a Trivy on the PATH that keeps a list of what it was asked for, with its environment. */
function watched({ folder, temp, write }: GateWorkspace) {
  const calls = join(temp, 'calls');
  write('bin/trivy', `#!/bin/sh\n{ echo "call: $*"; env; } >> '${calls}'\nexec '${trivy}' "$@"\n`);
  chmodSync(join(folder, 'bin/trivy'), 0o755);
  const said = () => (existsSync(calls) ? readFileSync(calls, 'utf8') : '');
  return {
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    said,
    scans: () => said().match(/^call: image /gm)?.length ?? 0,
    starts: () => said().match(/^call: /gm)?.length ?? 0,
  };
}

describe('evidence by a key', () => {
  it.each([
    ['pass', contents.clean],
    ['violation', contents.critical],
  ])(
    'of a %s: cosign accepts both statements, and no other key; the key is nowhere',
    async (verdict, files) => {
      using workspace = gateIn();
      const { env, said } = watched(workspace);
      const image = await push(files);
      const step = await workspace.gate({ image, 'signing-key': ours, attest: 'true' }, { env });
      expect(step.outputs).toMatchObject({ verdict });
      expect(step.summary).toContain('the signed verdict is attached as');
      for (const type of [vulnsPredicate, verdictPredicate]) {
        expect(await verify(image, type, byKey('ours'))).toMatchObject({ exitCode: 0 });
        const refused = await verify(image, type, byKey('other'));
        expect(refused.stderr).toContain('accepted signatures do not match threshold');
      }
      const { stdout } = await verify(image, verdictPredicate, byKey('ours'));
      const [line = ''] = stdout.trim().split('\n');
      const { payload } = JSON.parse(line) as { payload: string };
      expect(JSON.parse(Buffer.from(payload, 'base64').toString())).toMatchObject({
        subject: [{ digest: { sha256: step.outputs.digest?.slice('sha256:'.length) } }],
        predicate: { verificationResult: verdict === 'pass' ? 'PASSED' : 'FAILED' },
      });

      const lines = ours.split('\n').filter((text) => text.length > 20 && !text.includes('---'));
      const told = [
        ...[
          step.log.replaceAll(/^::add-mask::.*$/gm, ''),
          step.summary,
          JSON.stringify(step.outputs),
        ],
        said(),
      ].join('\n');
      for (const text of lines) expect(told).not.toContain(text);
      expect(filesWith([workspace.folder, workspace.temp], lines)).toEqual([]);
    },
    30_000,
  );

  it.each<[string, () => Promise<Inputs>, RegExp]>([
    [
      'without somebody to sign',
      async () => ({ image: await push(contents.clean) }),
      /No evidence is attached to .*: there is no `signing-key`, and the job has no identity/,
    ],
    [
      'when it is not wanted',
      async () => ({ image: await push(contents.clean), 'signing-key': ours, attest: 'false' }),
      /^/,
    ],
    [
      'of an incomplete verdict',
      async () => ({ image: await push(contents.unknownFile), 'signing-key': ours }),
      /No evidence is attached: an incomplete verdict claims nothing/,
    ],
  ])(
    'is none %s',
    async (_, make, said) => {
      using workspace = gateIn();
      const inputs = await make();
      const step = await workspace.gate(inputs);
      expect(step.log).toMatch(said);
      expect(await attached(inputs.image ?? '')).toEqual([]);
    },
    30_000,
  );

  it('that was asked for and cannot be: the step fails, the verdict stays', async () => {
    using workspace = gateIn();
    const image = await push(contents.clean);
    const step = await workspace.gate({ image, attest: 'true' });
    expect(step.outputs.verdict).toBe('pass');
    expect(step.exitCode).toBe(1);
    expect(step.annotations[0]?.message).toMatch(/^No evidence can be attached\..*signing-key/);
  }, 30_000);
});

describe('evidence by the job’s identity', () => {
  it('cosign accepts it from this workflow, and from no other', async () => {
    using workspace = gateIn();
    const image = await push(contents.clean);
    const root = await cosign.write('root.json', sigstore.trustedRoot);
    const step = await workspace.gate(
      { image, 'fulcio-url': sigstore.fulcio, 'timestamp-url': sigstore.timestamps },
      { env: oidc.env },
    );
    expect(step.outputs.verdict).toBe('pass');
    const by = (name: string) => [
      ...['--trusted-root', root, '--certificate-identity', name],
      ...['--certificate-oidc-issuer', oidc.issuer, '--use-signed-timestamps'],
      ...['--insecure-ignore-tlog', '--insecure-ignore-sct'],
    ];
    expect(await verify(image, verdictPredicate, by(workflow))).toMatchObject({ exitCode: 0 });
    const refused = await verify(image, verdictPredicate, by(workflow.replace('acme', 'eve')));
    expect(refused.stderr).toContain('no matching CertificateIdentity found');
    for (const secret of step.masks) {
      expect(step.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(secret);
    }
  }, 60_000);
});

/** The lab's database by another digest. */
async function otherDatabase(): Promise<string> {
  const base = `http://${addresses.registry}`;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`${base}/v2/lab/trivy-db/manifests/2`, {
    headers: { accept: mediaType },
  });
  const manifest = { ...((await answer.json()) as object), mediaType, annotations: { other: 'x' } };
  const digest = await pushManifest(base, 'lab/trivy-db', undefined, manifest);
  return `${trivyDbRepository.replace(/:2$/, '')}@${digest}`;
}

describe('a verdict of before', () => {
  const waiver = (reason: string) =>
    JSON.stringify([{ id: 'CVE-2021-44906', owner: 'team-data', reason, expires: '2099-01-01' }]);

  it('stands in for a scan: Trivy is not started, and less than a second goes by', async () => {
    using workspace = gateIn({ 'w.yaml': waiver('a') });
    const { env, starts, scans } = watched(workspace);
    const image = await push(contents.critical);
    const inputs = { image, 'signing-key': ours, reuse: 'on', severity: 'CRITICAL,HIGH' };
    const first = await workspace.gate(inputs, { env });
    expect(first.outputs.verdict).toBe('violation');
    expect(first.summary).toContain('Scanned anew');
    expect(scans()).toBe(1);
    const before = starts();
    const again = await workspace.gate(inputs, { env });
    expect(starts()).toBe(before);
    expect(again.outputs).toMatchObject({
      verdict: 'violation',
      'exit-reason': first.outputs['exit-reason'],
      findings: first.outputs.findings,
      'new-findings': first.outputs['new-findings'],
      digest: first.outputs.digest,
    });
    expect(again.annotations).toEqual(first.annotations);
    expect(again.exitCode).toBe(1);
    const { durationMs } = again;
    figure(
      `trivy-gate: a verdict of before stood in for a scan after ${Math.round(durationMs)} ms`,
    );
    expect(durationMs).toBeLessThan(1000);
    expect(await attached(image)).toHaveLength(2);
  }, 60_000);

  it('does not when anything differs that decides', async () => {
    using workspace = gateIn({ 'w.yaml': waiver('a') });
    const { env, scans } = watched(workspace);
    const image = await push(contents.critical);
    const same: Inputs = { image, 'signing-key': ours, reuse: 'on', waivers: 'w.yaml' };
    const changes: Record<string, () => Promise<Inputs> | Inputs> = {
      'the first': () => same,
      'the policy': () => ({ ...same, severity: 'HIGH' }),
      'the scan': () => ({ ...same, 'skip-dirs': 'srv' }),
      'the database': async () => ({ ...same, 'db-repository': await otherDatabase() }),
      'the baseline': async () => ({ ...same, baseline: await push(contents.clean) }),
      'the signer': () => ({ ...same, 'signing-key': other }),
      'the waiver': () => {
        workspace.write('w.yaml', waiver('b'));
        return same;
      },
    };
    for (const [part, change] of Object.entries(changes)) {
      const before = scans();
      const inputs = await change();
      await workspace.gate(inputs, { env });
      expect([part, scans() > before]).toEqual([part, true]);
      const scanned = scans();
      await workspace.gate(inputs, { env });
      expect([`${part} again`, scans()]).toEqual([`${part} again`, scanned]);
    }
  }, 120_000);

  it('is not asked for without `reuse`', async () => {
    using workspace = gateIn();
    const { env, scans } = watched(workspace);
    const inputs = { image: await push(contents.clean), 'signing-key': ours };
    await workspace.gate(inputs, { env });
    await workspace.gate(inputs, { env });
    expect(scans()).toBe(2);
  }, 30_000);
});
