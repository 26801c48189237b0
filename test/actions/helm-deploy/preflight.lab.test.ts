import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AdmissionregistrationV1Api,
  RbacAuthorizationV1Api,
  type V1Deployment,
  type V1PolicyRule,
} from '@kubernetes/client-node';
import { parse } from 'yaml';
import { silent } from '../../../shared/log/Log.ts';
import { labContext } from '../../lab/lab.ts';
import { gatekeeper, policed } from '../../lab/policy/gatekeeper.ts';
import type { StepResult } from '../startAction.ts';
import {
  apps,
  busybox,
  config,
  core,
  deploy,
  kubeconfig,
  namespace,
  revisions,
} from './cluster.ts';

const lab = labContext(silent);

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
  return deploy(name, { objects }, { inputs: { chart: 'objects/chart', ...inputs } });
}

/** The kubeconfig of an account of the namespace that has these rights. */
async function restricted({ name: space }: Space, rules: V1PolicyRule[]) {
  const metadata = { name: 'ci' };
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  await core.createNamespacedServiceAccount({ namespace: space, body: { metadata } });
  await rbac.createNamespacedRole({ namespace: space, body: { metadata, rules } });
  await rbac.createNamespacedRoleBinding({
    namespace: space,
    body: {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'ci' },
      subjects: [{ kind: 'ServiceAccount', name: 'ci', namespace: space }],
    },
  });
  const { status } = await core.createNamespacedServiceAccountToken({
    ...{ namespace: space, name: 'ci' },
    body: { spec: { audiences: [], expirationSeconds: 3600 } },
  });
  const user = { name: 'ci', user: { token: status?.token } };
  const contexts = config.contexts.map(({ cluster, name }) => ({
    name,
    context: { cluster, user: 'ci' },
  }));
  return { kubeconfig: JSON.stringify({ ...parse(kubeconfig), users: [user], contexts }) };
}

function isAdmitted({ name }: Space, body: V1Deployment): Promise<boolean> {
  return apps.createNamespacedDeployment({ namespace: name, body, dryRun: 'All' }).then(
    () => true,
    () => false,
  );
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
      expect(step.outputs).toMatchObject({ status: 'failed' });
      expect(step.outputs).not.toHaveProperty('revision');
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
    // The API server takes a policy up a moment later.
    await using where = await space({ policy });
    const body = deployment({ replicas: 4 });
    while (await isAdmitted(where, body)) await sleep(100);
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
        /^The namespace's Pod Security level baseline:latest refuses Deployment\/web .*Host namespaces/,
      ),
    ]);
    expect(warnings(step)).toEqual([]);
    await expectNothing(where);
  }, 60_000);
});

describe('rights and limits', () => {
  it('an object of which a field is wrong', async () => {
    await using where = await space();
    const step = await deployObjects(where, [deployment({ replicas: -1 })]);
    expect(errors(step)[0]).toMatch(
      /^The API server refuses Deployment\/web of the chart\. Spec\.replicas: |^The API server refuses Deployment\/web of the chart\. spec\.replicas: Invalid value: -1/,
    );
    await expectNothing(where);
  }, 60_000);

  it('a quota that does not hold all replicas, though it holds each', async () => {
    await using where = await space();
    await core.createNamespacedResourceQuota({
      namespace: where.name,
      body: { metadata: { name: 'small' }, spec: { hard: { pods: '2' } } },
    });
    const step = await deployObjects(where, [deployment({ replicas: 3 })]);
    expect(errors(step)).toEqual([
      'Quota small of the namespace does not hold all pods of the release. They want 3 of pods (3 of Deployment/web), 0 of 2 are in use. Nothing was changed. Ask for less (`resources`, replicas), or raise the quota.',
    ]);
    await expectNothing(where);
  }, 60_000);

  it('a full quota is no obstacle for what makes no new pod', async () => {
    await using where = await space();
    await core.createNamespacedResourceQuota({
      namespace: where.name,
      body: { metadata: { name: 'small' }, spec: { hard: { pods: '1' } } },
    });
    const first = await deployObjects(where, [deployment()]);
    expect(first.exitCode).toBe(0);
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' } };
    const second = await deployObjects(where, [deployment(), map]);
    expect([second.exitCode, second.outputs.revision]).toEqual([0, '2']);
    // A second pod beside the first one, which the update wants, has no place.
    const third = await deployObjects(where, [deployment({ command: ['sleep', '1001'] }), map]);
    expect(errors(third)[0]).toMatch(
      /^Quota small of the namespace does not let Deployment\/web make pods\. Exceeded quota: small, .*Nothing was changed\./,
    );
    expect(third.outputs).toMatchObject({ revision: '2', status: 'failed' });
    expect(await revisions(where.name)).toEqual(['1 superseded', '2 deployed']);
  }, 120_000);

  it('a LimitRange', async () => {
    await using where = await space();
    await core.createNamespacedLimitRange({
      namespace: where.name,
      body: {
        metadata: { name: 'small' },
        spec: { limits: [{ type: 'Container', max: { memory: '8Mi' } }] },
      },
    });
    const step = await deployObjects(where, [deployment()]);
    expect(errors(step)[0]).toMatch(
      /^The namespace's LimitRange does not admit pods of Deployment\/web\. Maximum memory usage per Container is 8Mi, but limit is 16Mi\./,
    );
    await expectNothing(where);
  }, 60_000);

  it('a user who may deploy but not make pods: the pods are not tried, and it says so', async () => {
    await using where = await space();
    const user = await restricted(where, [
      { apiGroups: ['', 'apps'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
    ]);
    const step = await deployObjects(
      where,
      [deployment({ pod: { serviceAccountName: 'ci' } })],
      user,
    );
    expect(step.log).toContain('Not tried: pods of Deployment/web: user ');
    expect(errors(step)).toEqual([]);
  }, 60_000);

  it('a user who may not make an object of the chart', async () => {
    await using where = await space();
    const user = await restricted(where, [
      { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
    ]);
    const step = await deployObjects(
      where,
      [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
      user,
    );
    expect(errors(step)[0]).toMatch(
      /^The kubeconfig’s user system:serviceaccount:\S+:ci may not patch configmaps, which ConfigMap\/a needs\. Nothing was changed\. Grant the verbs get, create and patch on configmaps /,
    );
    await expectNothing(where);
  }, 60_000);
});

describe('APIs', () => {
  it.each([
    [
      'policy/v1beta1',
      { apiVersion: 'policy/v1beta1', kind: 'PodDisruptionBudget', metadata: { name: 'a' } },
      /^The cluster does not serve PodDisruptionBudget of policy\/v1beta1, which PodDisruptionBudget\/a is\. Kubernetes 1\.25 removed it\. .*Nothing was changed\. Write `apiVersion: policy\/v1` in the chart/,
    ],
    [
      'autoscaling/v2beta2',
      {
        apiVersion: 'autoscaling/v2beta2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'a' },
      },
      /removed it\. .*Write `apiVersion: autoscaling\/v2` in the chart/,
    ],
    [
      'what nothing took the place of',
      { apiVersion: 'policy/v1beta1', kind: 'PodSecurityPolicy', metadata: { name: 'a' } },
      /Use Pod Security admission.*Nothing took its place: take it out of the chart\./,
    ],
    [
      'a kind that nobody defines',
      { apiVersion: 'acme.io/v1', kind: 'Thing', metadata: { name: 'a' } },
      /^The cluster does not serve Thing of acme\.io\/v1, which Thing\/a is\. Nothing was changed\. Install its definition \(CRD\) first/,
    ],
  ])(
    '%s',
    async (_what, object, message) => {
      await using where = await space();
      const step = await deployObjects(where, [object]);
      expect(errors(step)).toEqual([expect.stringMatching(message)]);
      await expectNothing(where);
    },
    60_000,
  );

  it('shows what the server warns of', async () => {
    await using where = await space();
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' } };
    const step = await deployObjects(where, [endpoints]);
    expect(step.exitCode).toBe(0);
    expect(warnings(step)).toEqual([
      expect.stringMatching(
        /^Endpoints\/a: v1 Endpoints is deprecated in v1\.33\+; use discovery\.k8s\.io\/v1 EndpointSlice/,
      ),
    ]);
  }, 60_000);
});

describe('what is referred to', () => {
  it('a class that is not there is certain; all that is missing is told at once', async () => {
    await using where = await space();
    const step = await deployObjects(where, [
      deployment({
        pod: { serviceAccountName: 'robot', priorityClassName: 'no-such-class' },
        envFrom: [
          { secretRef: { name: 'login' } },
          { configMapRef: { name: 'extra', optional: true } },
        ],
      }),
    ]);
    expect(errors(step)).toEqual([
      'Deployment/web wants PriorityClass no-such-class (spec.template.spec.priorityClassName), which is not there. Nothing was changed. Create it before, or let the chart create it; without it no pod is made.',
    ]);
    const waits =
      'Create it before, or correct the name; the rollout waits until something brings it.';
    expect(warnings(step)).toEqual([
      `Deployment/web wants ServiceAccount robot (spec.template.spec.serviceAccountName), which is not there. ${waits}`,
      `Deployment/web wants Secret login (spec.template.spec.containers[0].envFrom[0].secretRef.name), which is not there. ${waits}`,
    ]);
    await expectNothing(where);
  }, 60_000);

  it('what the release brings is there in time', async () => {
    await using where = await space();
    const step = await deployObjects(where, [
      deployment({
        pod: { serviceAccountName: 'robot' },
        envFrom: [{ secretRef: { name: 'login' } }],
      }),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { A: 'b' } },
    ]);
    expect([step.exitCode, errors(step), warnings(step)]).toEqual([0, [], []]);
  }, 60_000);

  it('but not for a hook that comes before', async () => {
    await using where = await space();
    const { metadata, spec } = deployment();
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...metadata, name: 'migrate', annotations: { 'helm.sh/hook': 'pre-install' } },
      spec: {
        template: {
          spec: { ...spec.template.spec, restartPolicy: 'Never', serviceAccountName: 'robot' },
        },
      },
    };
    const step = await deployObjects(where, [
      job,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } },
    ]);
    expect(errors(step)[0]).toMatch(
      /^Job\/migrate wants ServiceAccount robot \(\S+\), which is not there before the hook runs\. It comes with the release, which waits for the hook\./,
    );
    await expectNothing(where);
  }, 60_000);
});
