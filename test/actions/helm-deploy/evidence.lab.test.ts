import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiextensionsV1Api } from '@kubernetes/client-node';
import { publicKeyOf } from '../../../shared/evidence/keySigner.ts';
import { verdictPredicate, verdictStatement } from '../../../shared/evidence/verdictStatement.ts';
import { silent } from '../../../shared/log/Log.ts';
import { digestOf } from '../../../shared/oci/putManifest.ts';
import { formatReference, type PinnedReference } from '../../../shared/oci/Reference.ts';
import { addresses } from '../../lab/addresses.ts';
import { type Oidc, startOidc } from '../../lab/doubles/oidc.ts';
import { startFaultProxy } from '../../lab/faults/faultProxy.ts';
import { labContext } from '../../lab/lab.ts';
import { pushSmallest } from '../../lab/registry/openRegistry.ts';
import { type Cosign, openCosign, signingConfig } from '../../lab/sigstore/cosign.ts';
import { startSigstore, type TestSigstore } from '../../lab/sigstore/startSigstore.ts';
import { type StepResult, startAction } from '../startAction.ts';
import { newKey } from '../trivy-gate/newKey.ts';
import { config, core, kubeconfig, namespace, revisions } from './cluster.ts';
import { attachVerdict, client, ownBusybox } from './proven.ts';
import { workspaceOf } from './workspaceOf.ts';

const lab = labContext(silent);
const [ours, other] = [newKey(), newKey()];
const hour = 3_600_000;
const workflow = 'https://github.com/acme/web/.github/workflows/deploy.yml@refs/heads/main';
const wanted = { 'require-evidence': 'production', 'evidence-key': publicKeyOf(ours) };

const container = (image: string, name = 'c') => ({
  ...{ name, image, command: ['sleep', '1000'] },
  resources: { limits: { memory: '16Mi' } },
});
const spec = (image: string, more: object = {}) => ({
  ...{ terminationGracePeriodSeconds: 0, automountServiceAccountToken: false },
  ...{ containers: [container(image)], ...more },
});
const object = (kind: string, name: string, of: object, apiVersion = 'v1', annotations = {}) => ({
  ...{ apiVersion, kind, metadata: { name, annotations }, spec: of },
});
const job = (image: string) => ({
  template: { spec: { ...spec(image), restartPolicy: 'Never' } },
});

/** Deploys these objects, as a manifest. */
async function deployObjects(
  space: string,
  objects: readonly object[],
  inputs: Record<string, string>,
  files: Record<string, object> = {},
): Promise<StepResult> {
  using workspace = workspaceOf({
    'all.yaml': { apiVersion: 'v1', kind: 'List', items: objects },
    ...files,
  });
  return await startAction('helm-deploy', {
    workspace: workspace.path,
    inputs: {
      ...{ chart: 'all.yaml', release: 'web', namespace: space, kubeconfig },
      ...{ timeout: '60s', settle: '0s', ...inputs },
    },
  });
}

/** What a person reads first; Helm has no revision, and the cluster nothing of it. */
async function refusal(space: string, step: StepResult): Promise<string> {
  expect(step.exitCode).toBe(1);
  expect(step.outputs.status).toBe('failed');
  expect(await revisions(space)).toEqual([]);
  const { items } = await core.listNamespacedPod({ namespace: space });
  expect(items).toEqual([]);
  return step.annotations[0]?.message ?? '';
}

const lacks = (step: StepResult) =>
  new Map(
    (JSON.parse(step.outputs.evidence ?? '[]') as { image: string; lacks?: string }[]).map(
      ({ image, lacks: why }) => [image, why],
    ),
  );

let cosign: Cosign;
let oidc: Oidc;
let sigstore: TestSigstore;
let runs: PinnedReference;
beforeAll(async () => {
  [cosign, oidc, runs] = await Promise.all([openCosign(lab), startOidc(), ownBusybox()]);
  await cosign.must(['generate-key-pair']);
  sigstore = await startSigstore(lab, oidc.issuer);
}, 300_000);
afterAll(async () => {
  await sigstore?.[Symbol.asyncDispose]();
  await oidc?.[Symbol.asyncDispose]();
  await cosign?.[Symbol.asyncDispose]();
});

/** The predicate that a person would write for cosign. */
async function attestByCosign(image: PinnedReference, by: readonly string[]): Promise<void> {
  const { predicate } = verdictStatement({
    ...{ subject: image, verifier: 'https://x.test/people', verifiedAt: new Date() },
    ...{ outcome: 'pass', policy: { name: 'production', digest: digestOf('policy') }, inputs: [] },
  });
  const file = await cosign.write(`${image.digest.slice(7, 20)}.json`, predicate);
  await cosign.must([
    ...['attest', '-y', ...by, '--type', verdictPredicate, '--predicate', file],
    formatReference(image),
  ]);
}

describe('an image that lacks evidence', () => {
  it.concurrent('keeps everything from being written; all is told, with what uses it', async () => {
    await using space = await namespace();
    const push = () => pushSmallest(client, addresses.registry);
    const [none, stranger, failed, old, policy, subject, fine] = (await Promise.all(
      [0, 1, 2, 3, 4, 5, 6].map(push),
    )) as [
      PinnedReference,
      PinnedReference,
      PinnedReference,
      PinnedReference,
      PinnedReference,
      PinnedReference,
      PinnedReference,
    ];
    await Promise.all([
      attachVerdict(stranger, other),
      attachVerdict(failed, ours, { verifiedAt: new Date(Date.now() - hour) }),
      attachVerdict(old, ours, { verifiedAt: new Date(Date.now() - 50 * hour) }),
      attachVerdict(policy, ours, { policy: { name: 'staging', digest: digestOf('x') } }),
      attachVerdict(fine, ours),
    ]);
    await attachVerdict(failed, ours, { outcome: 'violation' });
    await attachAbout(subject, fine);
    const name = formatReference;
    const tag = `${addresses.registry}/library/busybox:1.36`;
    const hook = { 'helm.sh/hook': 'pre-install' };
    const test = { 'helm.sh/hook': 'test' };
    const step = await deployObjects(
      space.name,
      [
        object('Pod', 'fine', spec(name(fine))),
        object('Pod', 'bare', spec(name(fine), { initContainers: [container(tag, 'i')] })),
        object(
          'Deployment',
          'web',
          {
            selector: { matchLabels: { app: 'a' } },
            template: { metadata: { labels: { app: 'a' } }, spec: spec(name(none)) },
          },
          'apps/v1',
        ),
        object(
          'CronJob',
          'nightly',
          { schedule: '0 0 * * *', jobTemplate: { spec: job(name(stranger)) } },
          'batch/v1',
        ),
        object('Job', 'hook', job(name(failed)), 'batch/v1', hook),
        object('Pod', 'test', { ...spec(name(old)), restartPolicy: 'Never' }, 'v1', test),
        object('Job', 'job', job(name(policy)), 'batch/v1'),
        {
          ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
          metadata: { name: 'things.evidence.test' },
          spec: {
            ...{ group: 'evidence.test', scope: 'Namespaced' },
            names: { plural: 'things', kind: 'Thing' },
            versions: [
              {
                ...{ name: 'v1', served: true, storage: true },
                schema: {
                  openAPIV3Schema: {
                    ...{ type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            ],
          },
        },
        object('Thing', 'late', { template: { spec: spec(name(subject)) } }, 'evidence.test/v1'),
      ],
      { ...wanted, 'evidence-max-age': '2d', preflight: 'off' },
    );
    expect(await refusal(space.name, step)).toMatch(
      /has no passing verdict of production: .*uses it\. Also: .*Nothing was changed\./,
    );
    expect([...lacks(step)].sort()).toEqual(
      (
        [
          [name(fine), undefined],
          [tag, 'it has no digest, and a tag may move'],
          [name(none), 'it has no signed verdict'],
          [name(stranger), 'it is signed by another key'],
          [name(failed), expect.stringMatching(/the newest verdict, of .*, is that it violates/)],
          [name(old), 'its verdict is 2 days old, and 2 days is the most'],
          [
            name(policy),
            expect.stringMatching(/of the policy .*policies\/staging, not production/),
          ],
          [name(subject), 'what is signed is another digest'],
        ] as [string, unknown][]
      ).sort(),
    );
    const definitions = config.makeApiClient(ApiextensionsV1Api);
    const { items } = await definitions.listCustomResourceDefinition();
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain('things.evidence.test');
    for (const user of [
      ...['Pod/bare → init container i', 'Deployment/web → container c'],
      ...['CronJob/nightly → container c', 'Job/hook → container c', 'Pod/test → container c'],
      'Thing/late → container c',
    ]) {
      expect(step.log).toContain(`used by ${user}`);
    }
    expect(step.summary).toContain('#### Evidence of policy <code>production</code>');
  }, 60_000);

  it.concurrent('and a registry that does not tell: nothing is written either', async () => {
    await using space = await namespace();
    await using proxy = await startFaultProxy({ target: `http://${addresses.registry}` });
    proxy.add({ path: /manifests|referrers/, fault: { kind: 'answer', status: 418, body: '{}' } });
    const image = `${proxy.address}/web@${digestOf('x')}`;
    const step = await deployObjects(space.name, [object('Pod', 'a', spec(image))], wanted);
    expect(await refusal(space.name, step)).toMatch(/its evidence cannot be had: .*418/);
  }, 60_000);
});

describe('an image with evidence', () => {
  it.concurrent('runs: a verdict by our gate and key', async () => {
    await using space = await namespace();
    const image = await ownBusybox();
    await attachVerdict(image, ours);
    const step = await deployObjects(
      space.name,
      [object('Pod', 'a', spec(formatReference(image)))],
      { ...wanted, 'evidence-max-age': '1h' },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ status: 'deployed', revision: '1' });
    expect(JSON.parse(step.outputs.evidence ?? '')).toEqual([
      {
        ...{ image: formatReference(image), usedBy: ['Pod/a → container c'], result: 'PASSED' },
        ...{ verifier: 'https://x.test/gate', verifiedAt: expect.any(String) },
        policy: 'https://github.com/data-platform/platform-actions/policies/production',
      },
    ]);
  }, 60_000);

  it.concurrent('runs: by real cosign with a key, and not by a key that is not trusted', async () => {
    await using space = await namespace();
    const image = await ownBusybox();
    const config = await signingConfig(cosign);
    const pub = await readFile(`${cosign.folder}/cosign.pub`, 'utf8');
    await attestByCosign(image, ['--key', 'cosign.key', '--signing-config', config]);
    const pod = [object('Pod', 'a', spec(formatReference(image)))];
    expect(await refusal(space.name, await deployObjects(space.name, pod, wanted))).toMatch(
      /it is signed by another key/,
    );
    const both = `${wanted['evidence-key']}\n${pub}`;
    const step = await deployObjects(space.name, pod, { ...wanted, 'evidence-key': both });
    expect([step.annotations, step.outputs.status]).toEqual([[], 'deployed']);
  }, 90_000);

  it.concurrent('runs: by real cosign and a workflow’s identity, and not by that of another', async () => {
    await using space = await namespace();
    const config = await signingConfig(cosign, { sigstore, issuer: oidc.issuer });
    const root = { 'root.json': sigstore.trustedRoot };
    const trustedRoot = await cosign.write('root.json', sigstore.trustedRoot);
    const token = await oidc.mint('sigstore');
    await attestByCosign(runs, [
      ...['--identity-token', token, '--signing-config', config, '--trusted-root', trustedRoot],
    ]);
    const pod = [object('Pod', 'a', spec(formatReference(runs)))];
    const by = (identity: string, issuer = oidc.issuer) => ({
      ...{ 'require-evidence': 'production', 'evidence-identity': identity },
      ...{ 'evidence-issuer': issuer, 'trusted-root': 'root.json' },
    });
    const fork = workflow.replace('acme', 'eve');
    const wrong = await deployObjects(space.name, pod, by(fork), root);
    expect(await refusal(space.name, wrong)).toMatch(
      /signed by a job of which the name is .*acme\/web.*, not .*eve\/web/,
    );
    const github = 'https://token.actions.githubusercontent.com';
    const foreign = await deployObjects(space.name, pod, by(workflow, github), root);
    expect(await refusal(space.name, foreign)).toMatch(/of which the issuer is /);
    const step = await deployObjects(space.name, pod, by(workflow), root);
    expect([step.annotations, step.outputs.status]).toEqual([[], 'deployed']);
  }, 120_000);
});

it.concurrent.each<[string, Record<string, string>, RegExp]>([
  [
    'nobody to trust',
    { 'require-evidence': 'production' },
    /nobody is named whose verdicts count\. Give `evidence-key`/,
  ],
  [
    'no policy',
    { 'evidence-key': publicKeyOf(ours) },
    /Input evidence-key is given without require-evidence\./,
  ],
  [
    'a private key',
    { 'require-evidence': 'production', 'evidence-key': ours },
    /Input evidence-key: holds no public key\./,
  ],
  [
    'half of an identity',
    { ...wanted, 'evidence-identity': workflow },
    /Input evidence-identity is given without trusted-root\./,
  ],
  [
    'an age that is none',
    { ...wanted, 'evidence-max-age': '0s' },
    /Input evidence-max-age: lets no verdict count/,
  ],
])(
  '%s is an error before anything',
  async (_name, inputs, message) => {
    const step = await deployObjects('default', [object('Pod', 'a', spec('x'))], inputs);
    expect(step.exitCode).toBe(1);
    expect(step.annotations[0]?.message).toMatch(message);
    for (const line of ours
      .split('\n')
      .filter((text) => text.length > 20 && !text.includes('---'))) {
      expect(step.log).not.toContain(line);
    }
  },
  30_000,
);

/** A verdict of one digest, attached to another. */
async function attachAbout(to: PinnedReference, about: PinnedReference): Promise<void> {
  await attachVerdict(to, ours, { subject: about });
}
