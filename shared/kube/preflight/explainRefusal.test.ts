import { describe, expect, it } from '@jest/globals';
import { explainRefusal, type Refusal, type Trial } from './explainRefusal.ts';
import type { KubeObject } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'web-' },
  spec: { containers: [{ name: 'web', image: 'docker.io/acme/web:1' }] },
};
const ofPod: Trial = { name: 'Deployment/web', object: pod, template: 'spec.template' };
const deployment: Trial = {
  name: 'Deployment/web',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
};
const secret: Trial = {
  name: 'Secret/web',
  object: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'web' },
    data: { a: 'aHVudGVyMg==' },
  },
};

function meaning(message: string, trial = ofPod, causes: Refusal['causes'] = [], code = 403) {
  const found = explainRefusal({ code, message, causes }, trial);
  return 'obstacles' in found ? found.obstacles : found.untried;
}

describe('explainRefusal', () => {
  it('tells each constraint of Gatekeeper, with its object, field and remedy', () => {
    const found = meaning(
      `admission webhook "validation.gatekeeper.sh" denied the request: [lab-repos] container <web> has image <docker.io/acme/web:1>, which is of none of ["a.io/"]
[lab-limits] container <web> has no memory limit`,
    );
    expect(found).toMatchObject([
      {
        rank: 'policy',
        certain: true,
        object: 'Deployment/web',
        rule: 'constraint lab-repos',
        field: 'spec.template.spec.containers[0].image',
        what: 'Constraint lab-repos (validation.gatekeeper.sh) refuses Deployment/web at spec.template.spec.containers[0].image.',
        why: 'container <web> has image <docker.io/acme/web:1>, which is of none of ["a.io/"]',
        remedy: expect.stringMatching(/^Change spec\.template\.spec\.containers\[0\]\.image /),
      },
      { rule: 'constraint lab-limits', field: 'spec.template.spec.containers[0].resources.limits' },
    ]);
  });

  it.each([
    [
      'another webhook',
      'admission webhook "policy.acme.io" denied the request: no such team',
      { rank: 'policy', rule: 'webhook policy.acme.io', why: 'no such team' },
    ],
    [
      'what Gatekeeper tells of a template',
      'admission webhook "validation.gatekeeper.sh" denied the request: [a] [Implied by expand-deployments] no',
      { rule: 'constraint a', why: 'no' },
    ],
    [
      'a ValidatingAdmissionPolicy',
      "deployments.apps \"a\" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few-here' denied request: at most 3 replicas",
      {
        rank: 'policy',
        rule: 'policy few',
        why: 'at most 3 replicas',
        what: expect.stringContaining('ValidatingAdmissionPolicy few (bound by few-here) refuses'),
      },
    ],
    [
      'Pod Security',
      'pods "a" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true)',
      { rank: 'policy', rule: 'PodSecurity', remedy: expect.stringContaining('securityContext') },
    ],
    [
      'a webhook that does not answer',
      'Internal error occurred: failed calling webhook "validation.gatekeeper.sh": failed to call webhook: Post "https://127.0.0.1:1/v1/admit": dial tcp 127.0.0.1:1: connect: connection refused',
      {
        rank: 'silent-webhook',
        rule: 'webhook validation.gatekeeper.sh',
        why: expect.stringMatching(/^Post .* connection refused$/),
      },
    ],
    [
      'a quota',
      'pods "a" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
      { rank: 'quota', rule: 'quota q', remedy: expect.stringContaining('raise the quota') },
    ],
    [
      'a quota that wants requests',
      'pods "a" is forbidden: failed quota: q: must specify requests.cpu for: web',
      { rank: 'quota', rule: 'quota q', remedy: expect.stringContaining('LimitRange') },
    ],
    [
      'a LimitRange',
      'pods "a" is forbidden: maximum memory usage per Container is 1Gi, but limit is 4Gi',
      { rank: 'quota', rule: 'LimitRange' },
    ],
    [
      'an account',
      'pods "a" is forbidden: error looking up service account ns/robot: serviceaccount "robot" not found',
      {
        rank: 'missing',
        rule: 'ServiceAccount/robot',
        certain: false,
        field: 'spec.template.spec.serviceAccountName',
      },
    ],
    [
      'a priority class',
      'pods "a" is forbidden: no PriorityClass with name high was found',
      { rank: 'missing', rule: 'PriorityClass/high' },
    ],
    [
      'a runtime class',
      'pods "a" is forbidden: pod rejected: RuntimeClass "kata" not found',
      { rank: 'missing', rule: 'RuntimeClass/kata' },
    ],
    ['what nobody knows', 'I refuse', { rank: 'invalid', why: 'I refuse' }],
  ])('%s', (_what, message, expected) => {
    expect(meaning(message)).toMatchObject([
      { object: 'Deployment/web', certain: true, ...expected },
    ]);
  });

  it.each([
    [
      'a webhook that cannot be tried',
      'admission webhook "a.io" does not support dry run',
      'webhook a.io does not support dry runs',
    ],
    [
      'pods that this user may not make',
      'pods is forbidden: User "ci" cannot create resource "pods" in API group "" in the namespace "x"',
      'user ci may not create pods',
    ],
  ])('does not stop at %s', (_what, message, untried) => {
    expect(meaning(message)).toBe(untried);
  });

  it.each([
    [
      'rights',
      'deployments.apps "web" is forbidden: User "ci" cannot patch resource "deployments" in API group "apps" in the namespace "x"',
      [],
      { rank: 'permission', remedy: expect.stringContaining('deployments.apps') },
    ],
    [
      'a field that is wrong',
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      [{ field: 'spec.replicas' }],
      {
        rank: 'invalid',
        field: 'spec.replicas',
        why: 'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      },
    ],
    [
      'a field that is not there',
      'failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema',
      [],
      { rank: 'invalid', field: 'spec.replicaz' },
    ],
    [
      'a field that cannot change',
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {}: field is immutable',
      [{ field: 'spec.selector' }],
      { field: 'spec.selector', remedy: expect.stringContaining('cannot change') },
    ],
    [
      'fields of somebody else',
      'Apply failed with 1 conflict: conflict with "kubectl-scale" with subresource "scale" using apps/v1: .spec.replicas',
      [],
      { rank: 'conflict', field: 'spec.replicas', why: 'They belong to kubectl-scale.' },
    ],
    ['a namespace', 'namespaces "b" not found', [], { rank: 'namespace' }],
  ])('of objects: %s', (_what, message, causes, expected) => {
    expect(meaning(message, deployment, causes)).toMatchObject([expected]);
  });

  it.each([
    'Secret "web" is invalid: data[a]: Invalid value: "hunter2": no',
    'failed to create typed patch object (/web; v1, Kind=Secret): .data.a: expected string, got hunter2',
    'admission webhook "a.io" denied the request: hunter2 is weak',
    'hunter2',
  ])('never shows what may be in a Secret: %s', (message) => {
    expect(JSON.stringify(meaning(message, secret, [{ field: 'data[a]' }]))).not.toContain(
      'hunter2',
    );
  });

  it('makes a line of what the server says', () => {
    const [found] = meaning(
      'admission webhook "a.io" denied the request: a\n::error::b\u001b[2J',
    ) as readonly Obstacle[];
    expect(found?.why).toBe('a ::error::b');
  });
});
