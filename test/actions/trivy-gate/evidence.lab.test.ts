import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicKeyOf } from '../../../shared/evidence/keySigner.ts';
import { verdictPredicate } from '../../../shared/evidence/verdictStatement.ts';
import { vulnsPredicate } from '../../../shared/evidence/vulnsStatement.ts';
import { silent } from '../../../shared/log/Log.ts';
import { type Oidc, startOidc } from '../../lab/doubles/oidc.ts';
import { labContext } from '../../lab/lab.ts';
import { type Cosign, openCosign } from '../../lab/sigstore/cosign.ts';
import { startSigstore, type TestSigstore } from '../../lab/sigstore/startSigstore.ts';
import { filesWith } from '../build-push-image/filesWith.ts';
import { attached } from './attached.ts';
import { gateIn, type Inputs } from './gateIn.ts';
import { contents, push } from './images.ts';
import { newKey } from './newKey.ts';
import { watchedTrivy } from './watchedTrivy.ts';

const lab = labContext(silent);
const workflow = 'https://github.com/acme/web/.github/workflows/deploy.yml@refs/heads/main';
const [ours, other] = [newKey(), newKey()];

let cosign: Cosign;
let oidc: Oidc;
let sigstore: TestSigstore;
beforeAll(async () => {
  cosign = await openCosign(lab);
  await cosign.write('ours.pub', publicKeyOf(ours));
  await cosign.write('other.pub', publicKeyOf(other));
  oidc = await startOidc();
  sigstore = await startSigstore(lab, oidc.issuer);
}, 300_000);
afterAll(async () => {
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
  await cosign?.[Symbol.asyncDispose]();
});

function verify(image: string, type: string, by: readonly string[]) {
  return cosign.run(['verify-attestation', ...by, '--type', type, image]);
}

const byKey = (name: string) => [
  '--key',
  join(cosign.folder, `${name}.pub`),
  '--insecure-ignore-tlog',
];

describe('evidence by a key', () => {
  it.each([
    ['pass', contents.clean],
    ['violation', contents.critical],
  ])(
    'of a %s: cosign accepts both statements, and no other key; the key is nowhere',
    async (verdict, files) => {
      using workspace = gateIn();
      const { env, said } = await watchedTrivy(workspace);
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
