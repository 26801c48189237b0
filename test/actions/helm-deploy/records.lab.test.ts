import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploymentPredicate } from '../../../shared/evidence/deploymentStatement.ts';
import { publicKeyOf } from '../../../shared/evidence/keySigner.ts';
import { silent } from '../../../shared/log/Log.ts';
import { listReferrers } from '../../../shared/oci/listReferrers.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { type GitHub, startGitHub } from '../../lab/doubles/github.ts';
import { type Oidc, startOidc } from '../../lab/doubles/oidc.ts';
import { labContext } from '../../lab/lab.ts';
import { type Cosign, openCosign } from '../../lab/sigstore/cosign.ts';
import { startSigstore, type TestSigstore } from '../../lab/sigstore/startSigstore.ts';
import type { StepResult } from '../startAction.ts';
import { gateIn } from '../trivy-gate/gateIn.ts';
import { newKey } from '../trivy-gate/newKey.ts';
import { core, deploy, namespace } from './cluster.ts';
import { inMode } from './inMode.ts';
import { attachVerdict, client, ownBusybox } from './proven.ts';

const lab = labContext(silent);
const key = newKey();
/** Of the step: what the runner says it is. */
const env = { GITHUB_ACTOR: 'octocat', GITHUB_JOB: 'deploy', GITHUB_ACTION: 'helm' };
const workflow = 'https://github.com/acme/web/.github/workflows/deploy.yml@refs/heads/main';

let cosign: Cosign;
let oidc: Oidc;
let sigstore: TestSigstore;
let github: GitHub;
beforeAll(async () => {
  [cosign, oidc] = await Promise.all([openCosign(lab), startOidc()]);
  sigstore = await startSigstore(lab, oidc.issuer);
  await cosign.write('ours.pub', publicKeyOf(key));
  github = await startGitHub({
    repositories: [{ fullName: 'acme/web' }],
    tokens: {
      ghs_all: { deployments: 'write', 'artifact-metadata': 'write' },
      ghs_none: {},
    },
  });
}, 300_000);
afterAll(async () => {
  await github?.[Symbol.asyncDispose]();
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
  await cosign?.[Symbol.asyncDispose]();
});

/** Deploys to an environment; the next attempt of the same run where `attempt` says so. */
function deployTo(
  space: string,
  environment: string,
  inputs: Record<string, string>,
  { attempt = '1', values = {} }: { attempt?: string; values?: object } = {},
): Promise<StepResult> {
  return deploy(
    space,
    { ...values },
    {
      inputs: { 'github-token': 'ghs_all', environment, ...inputs },
      env: { ...env, GITHUB_API_URL: github.url, GITHUB_RUN_ATTEMPT: attempt },
    },
  );
}

async function record(space: string) {
  const at = { namespace: space, name: 'platform-actions.web' };
  const { data, metadata } = await core.readNamespacedConfigMap(at);
  return { labels: metadata?.labels, facts: JSON.parse(data?.['record.json'] ?? '') };
}

const deploymentsTo = (environment: string) =>
  github.repository('acme/web').deployments.filter((one) => one.environment === environment);
const recordsOf = (environment: string) =>
  github
    .organization('acme')
    .deploymentRecords.filter((one) => one.logical_environment === environment);

describe('a deployed release', () => {
  it.concurrent('is recorded beside it, at its digest and at GitHub, and is a baseline of the gate', async () => {
    await using space = await namespace();
    const environment = `env-${space.name}`;
    const image = await ownBusybox();
    const reference = formatReference(image);
    await attachVerdict(image, key);
    const inputs = {
      ...{ images: `image=${reference}`, 'signing-key': key },
      ...{ 'require-evidence': 'production', 'evidence-key': publicKeyOf(key) },
      'secret-values': 'password: hunter2-hunter2',
    };
    const step = await deployTo(space.name, environment, inputs);
    expect(step.annotations).toEqual([]);
    const { facts, labels } = await record(space.name);
    expect(labels).toMatchObject({ 'platform-actions/release': 'web' });
    const sha = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    expect(facts).toEqual({
      ...{ version: 1, release: 'web', namespace: space.name, revision: 1, environment },
      deployedAt: expect.any(String),
      chart: { name: 'web', version: expect.any(String), content: sha },
      ...{ values: { digest: sha }, manifest: { digest: sha } },
      images: [
        {
          ...{ image: reference, usedBy: ['Deployment/web → container web'] },
          verdict: expect.objectContaining({ result: 'PASSED', verifier: 'https://x.test/gate' }),
        },
      ],
      run: expect.objectContaining({
        ...{ actor: 'octocat', repository: 'acme/web', attempt: '1' },
        url: 'https://github.com/acme/web/actions/runs/1/attempts/1',
      }),
    });
    expect(JSON.stringify(facts)).not.toContain('hunter2');

    const { stdout } = await cosign.must([
      ...['verify-attestation', '--key', 'ours.pub', '--insecure-ignore-tlog'],
      ...['--type', deploymentPredicate, reference],
    ]);
    const { payload } = JSON.parse(stdout.trim().split('\n')[0] ?? '') as { payload: string };
    const statement = JSON.parse(Buffer.from(payload, 'base64').toString());
    expect(statement.predicate).toEqual(facts);
    expect(statement.subject).toMatchObject([
      { digest: { sha256: image.digest.slice('sha256:'.length) } },
    ]);

    expect(deploymentsTo(environment)).toMatchObject([
      {
        sha: '0123456789abcdef0123456789abcdef01234567',
        statuses: [
          { state: 'in_progress', logUrl: expect.stringContaining('/actions/runs/1') },
          { state: 'success' },
        ],
      },
    ]);
    expect(recordsOf(environment)).toMatchObject([
      { digest: image.digest, status: 'deployed', name: `${image.registry}/${image.repository}` },
    ]);

    // A second attempt of the same step tells it once more, and makes no second deployment.
    const again = await deployTo(space.name, environment, inputs, { attempt: '2' });
    expect(again.annotations).toEqual([]);
    expect(deploymentsTo(environment).map(({ statuses }) => statuses.length)).toEqual([4]);
    expect(recordsOf(environment)).toHaveLength(1);
    expect((await record(space.name)).facts).toMatchObject({ revision: 2, values: facts.values });

    using gate = gateIn();
    const judged = await gate.gate(
      { image: reference, baseline: `environment:${environment}`, 'github-token': 'ghs_all' },
      { env: { GITHUB_API_URL: github.url } },
    );
    expect(judged.summary + judged.log).toContain(
      'is the image that is judged: nothing in it is new',
    );

    await inMode(
      'uninstall',
      space.name,
      { environment, 'github-token': 'ghs_all' },
      { env: { GITHUB_API_URL: github.url } },
    );
    expect(recordsOf(environment)).toMatchObject([{ status: 'decommissioned' }]);
    await expect(record(space.name)).rejects.toThrow(/not found/);
  }, 120_000);

  it.concurrent('is signed by the job’s identity where an authority is named', async () => {
    await using space = await namespace();
    const image = await ownBusybox();
    const root = await cosign.write('root.json', sigstore.trustedRoot);
    const step = await deploy(
      space.name,
      {},
      {
        inputs: {
          images: `image=${formatReference(image)}`,
          ...{ 'fulcio-url': sigstore.fulcio, 'timestamp-url': sigstore.timestamps },
        },
        env: { ...env, ...oidc.env },
      },
    );
    expect(step.annotations).toEqual([]);
    await cosign.must([
      ...['verify-attestation', '--trusted-root', root, '--certificate-identity', workflow],
      ...['--certificate-oidc-issuer', oidc.issuer, '--use-signed-timestamps'],
      ...['--insecure-ignore-tlog', '--insecure-ignore-sct', '--type', deploymentPredicate],
      formatReference(image),
    ]);
  }, 60_000);

  it.concurrent('is never recorded unsigned, and a token that may not does not fail it', async () => {
    await using space = await namespace();
    const environment = `env-${space.name}`;
    const image = await ownBusybox();
    const step = await deployTo(space.name, environment, {
      ...{ images: `image=${formatReference(image)}`, 'github-token': 'ghs_none' },
    });
    expect([step.exitCode, step.outputs.status]).toEqual([0, 'deployed']);
    expect(step.log).toMatch(
      /No record of the deploy is attached to the images: there is no `signing-key`/,
    );
    expect((await listReferrers(client, image)).manifests).toEqual([]);
    const warnings = step.annotations.map(({ level, message }) => `${level} ${message}`);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^warning GitHub is not told of the deployment\. .*deployments: (read|write)/,
      ),
      expect.stringMatching(
        /^warning GitHub does not know which digests run\. .*artifact-metadata: write/,
      ),
    ]);
    expect((await record(space.name)).facts).toMatchObject({ revision: 1 });
  }, 60_000);

  it.concurrent('that fails is told as failed; `record: false` keeps nothing', async () => {
    await using space = await namespace();
    const environment = `env-${space.name}`;
    const failing = { command: ['sh', '-c', 'no-such-program'] };
    const step = await deployTo(space.name, environment, {}, { values: failing });
    expect(step.outputs.status).toBe('uninstalled');
    expect(deploymentsTo(environment)).toMatchObject([
      {
        statuses: [
          { state: 'in_progress' },
          { state: 'failure', description: expect.stringMatching(/^uninstalled: Deployment\/web/) },
        ],
      },
    ]);
    await expect(record(space.name)).rejects.toThrow(/not found/);
    await deploy(space.name, {}, { inputs: { record: 'false' } });
    await expect(record(space.name)).rejects.toThrow(/not found/);
  }, 90_000);

  it.concurrent('that is cancelled is told as an error', async () => {
    await using space = await namespace();
    const environment = `env-${space.name}`;
    const step = await deploy(
      space.name,
      { readinessPath: '/none' },
      {
        inputs: { 'github-token': 'ghs_all', environment },
        env: { ...env, GITHUB_API_URL: github.url },
        onOutput: (text, child) =>
          void (/Deployment\/web +0\/1/.test(text) && child.kill('SIGINT')),
      },
    );
    expect(step.exitCode).toBe(130);
    expect(deploymentsTo(environment)).toMatchObject([
      {
        statuses: [
          { state: 'in_progress' },
          { state: 'error', description: 'The step was cancelled' },
        ],
      },
    ]);
  }, 60_000);
});
