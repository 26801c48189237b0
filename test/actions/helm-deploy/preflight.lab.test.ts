import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AdmissionregistrationV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
} from '@kubernetes/client-node';
import { silent } from '../../../shared/log/Log.ts';
import { labContext } from '../../lab/lab.ts';
import { gatekeeper, policed } from '../../lab/policy/gatekeeper.ts';
import type { StepResult } from '../startAction.ts';
import { apps, busybox, config, core, deploy, namespace, revisions } from './cluster.ts';

const lab = labContext(silent);
const any = KubernetesObjectApi.makeApiClient(config);

interface Space extends AsyncDisposable {
  readonly name: string;
}

/** A namespace with these labels, whose account is there already. */
async function space(labels: Readonly<Record<string, string>> = {}): Promise<Space> {
  const made = await namespace();
  await core.patchNamespace({
    name: made.name,
    body: Object.entries({ made: 'here', ...labels }).map(([key, value]) => ({
      op: 'add',
      path: `/metadata/labels/${key.replaceAll('/', '~1')}`,
      value,
    })),
  });
  return made;
}

const container = {
  name: 'web',
  image: busybox,
  command: ['sleep', '1000'],
  resources: { limits: { memory: '16Mi' } },
};

/** A Deployment, changed below its container, its pod or itself. */
function deployment({
  name = 'web',
  replicas = 1,
  labels = { team: 'data' },
  pod = {},
  ...change
}: {
  name?: string;
  replicas?: number;
  labels?: Record<string, string>;
  pod?: object;
  [key: string]: unknown;
} = {}) {
  const app = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: app },
      template: {
        metadata: { labels: app },
        spec: {
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          containers: [{ ...container, ...change }],
          ...pod,
        },
      },
    },
  };
}

function deployObjects(
  { name }: Space,
  objects: readonly object[],
  inputs: Record<string, string> = {},
): Promise<StepResult> {
  return deploy(name, { objects }, { inputs: { chart: 'objects', ...inputs } });
}

const errors = ({ annotations }: StepResult) =>
  annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
const warnings = ({ annotations }: StepResult) =>
  annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);

/** That nothing at all was written: neither a record of Helm nor an object. */
async function expectNothing({ name }: Space) {
  expect(await revisions(name)).toEqual([]);
  expect((await apps.listNamespacedDeployment({ namespace: name })).items).toEqual([]);
  expect((await core.listNamespacedPod({ namespace: name })).items).toEqual([]);
}

describe('policies of a real Gatekeeper', () => {
  it.each([
    [
      'an image of another registry',
      deployment({ image: 'docker.io/acme/web:1' }),
      /^Constraint lab-registries \(validation\.gatekeeper\.sh\) refuses Deployment\/web at spec\.template\.spec\.containers\[0\]\.image\. Container <web> has image <docker\.io\/acme\/web:1>.* Nothing was changed\. Change spec\.template\.spec\.containers\[0\]\.image in the chart or the values/,
    ],
    [
      'a privileged container',
      deployment({ securityContext: { privileged: true } }),
      /^Constraint lab-no-privileged .* refuses Deployment\/web at spec\.template\.spec\.containers\[0\]\.securityContext\.privileged\./,
    ],
    [
      'a label that is missing',
      deployment({ labels: {} }),
      /^Constraint lab-labels .* refuses Deployment\/web at metadata\.labels\. You must provide labels: \{"team"\}\./,
    ],
    [
      'a limit that is missing',
      deployment({ resources: {} }),
      /^Constraint lab-limits .* refuses Deployment\/web at spec\.template\.spec\.containers\[0\]\.resources\.limits\./,
    ],
  ])(
    '%s: constraint, object, field and remedy are named, and nothing is written',
    async (_what, object, message) => {
      await using where = await space(policed);
      const step = await deployObjects(where, [object]);
      expect(step.exitCode).toBe(1);
      expect(errors(step)).toEqual([expect.stringMatching(message)]);
      expect(step.outputs).toEqual({ status: 'failed' });
      await expectNothing(where);
    },
    60_000,
  );

  it('tells all that is refused at once', async () => {
    await using where = await space(policed);
    const step = await deployObjects(where, [
      deployment({ labels: {}, resources: {}, image: 'docker.io/acme/web:1' }),
      deployment({ name: 'other', securityContext: { privileged: true } }),
    ]);
    const [message = ''] = errors(step);
    for (const constraint of ['lab-registries', 'lab-labels', 'lab-limits', 'lab-no-privileged']) {
      expect(message).toContain(`Constraint ${constraint} `);
      expect(step.summary).toContain(constraint);
    }
    expect(message).toContain('refuses Deployment/other at');
    await expectNothing(where);
  }, 60_000);

  it('lets through what they allow, and warns only when it is told so', async () => {
    await using where = await space(policed);
    const good = await deployObjects(where, [deployment()]);
    expect([good.exitCode, good.outputs.status, warnings(good)]).toEqual([0, 'deployed', []]);
    const step = await deployObjects(where, [deployment({ resources: {} })], {
      preflight: 'warn',
      timeout: '20s',
    });
    expect(warnings(step).join()).toContain('Constraint lab-limits ');
    // The Deployment itself is admitted; its ReplicaSet then fails to make pods.
    expect(step.outputs.status).toBe('rolled-back');
  }, 90_000);

  it('names the webhook that does not answer, which would keep everything out', async () => {
    await using where = await space(policed);
    await gatekeeper.stop(lab);
    try {
      const step = await deployObjects(where, [deployment()]);
      expect(errors(step)).toEqual([
        expect.stringMatching(
          /^The cluster's webhook validation\.gatekeeper\.sh does not answer, and nothing is admitted without it\. Post "https:\/\/127\.0\.0\.1:\d+\/v1\/admit\?timeout=\d+s": dial tcp .*connection refused\. .*Nothing was changed\./,
        ),
      ]);
      await expectNothing(where);
    } finally {
      await gatekeeper.start(lab);
    }
  }, 120_000);
});

describe('policies of the cluster itself', () => {
  const policy = `few-${randomBytes(4).toString('hex')}`;
  const admission = config.makeApiClient(AdmissionregistrationV1Api);
  beforeAll(async () => {
    await admission.createValidatingAdmissionPolicy({
      body: {
        metadata: { name: policy },
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            namespaceSelector: { matchLabels: { policy } },
            resourceRules: [
              {
                apiGroups: ['apps'],
                apiVersions: ['v1'],
                operations: ['CREATE', 'UPDATE'],
                resources: ['deployments'],
              },
            ],
          },
          validations: [{ expression: 'object.spec.replicas <= 3', message: 'at most 3 replicas' }],
        },
      },
    });
    await admission.createValidatingAdmissionPolicyBinding({
      body: {
        metadata: { name: policy },
        spec: { policyName: policy, validationActions: ['Deny'] },
      },
    });
  });
  afterAll(async () => {
    await admission.deleteValidatingAdmissionPolicyBinding({ name: policy });
    await admission.deleteValidatingAdmissionPolicy({ name: policy });
  });

  it('a ValidatingAdmissionPolicy', async () => {
    await using where = await space({ policy });
    const step = await deployObjects(where, [deployment({ replicas: 4 })]);
    expect(errors(step)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^ValidatingAdmissionPolicy ${policy} \\(bound by ${policy}\\) refuses Deployment/web at spec\\.replicas\\. At most 3 replicas\\. Nothing was changed\\.`,
        ),
      ),
    ]);
    await expectNothing(where);
  }, 60_000);

  it('a level of Pod Security: the pods are refused, their owner is not warned of again', async () => {
    await using where = await space({
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'baseline',
    });
    const step = await deployObjects(where, [deployment({ pod: { hostNetwork: true } })]);
    expect(errors(step)).toEqual([
      expect.stringMatching(
        /^The namespace's Pod Security level baseline:latest refuses Deployment\/web .*host namespaces/,
      ),
    ]);
    expect(warnings(step)).toEqual([]);
    await expectNothing(where);
  }, 60_000);
});
