import { expect, it } from '@jest/globals';
import { fieldOf } from './fieldOf.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'web-', labels: { app: 'web' } },
  spec: {
    initContainers: [{ name: 'setup', image: 'docker.io/library/busybox:1.36' }],
    containers: [
      { name: 'web', image: 'docker.io/acme/web:1', securityContext: { privileged: true } },
      { name: 'side', image: 'docker.io/acme/side:1' },
    ],
  },
};
const deployment = { kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 5 } };

it.each([
  ['a field that it names', 'spec.containers[1].image: is required', 'spec.containers[1].image'],
  [
    'a field as Kyverno names it',
    'validation error: rule x failed at path /spec/containers/0/securityContext/privileged/',
    'spec.containers[0].securityContext.privileged',
  ],
  [
    'a value that it quotes',
    'container <web> has an invalid image repo <docker.io/acme/web:1>, allowed repos are ["a.io"]',
    'spec.containers[0].image',
  ],
  [
    'a value of an init container',
    'image docker.io/library/busybox:1.36 is not allowed',
    'spec.initContainers[0].image',
  ],
  [
    'a container and a word',
    'Privileged container is not allowed: web, securityContext: {"privileged": true}',
    'spec.containers[0].securityContext.privileged',
  ],
  [
    'a container without a memory limit',
    'container <side> has no memory limit',
    'spec.containers[1].resources.limits',
  ],
  ['a container only', 'container "side" is wrong', 'spec.containers[1]'],
  ['labels', 'you must provide labels: {"team"}', 'metadata.labels'],
  ['nothing that can be told', 'no', undefined],
  ['no part of another value', 'docker.io/acme/web:12 is not allowed', undefined],
])('%s', (_what, message, expected) => {
  expect(fieldOf(message, pod)).toBe(expected);
});

it('does not guess between two', () => {
  const twins = { spec: { a: { x: 'same' }, b: { x: 'same' } } };
  expect(fieldOf('the value same is wrong', twins)).toBeUndefined();
});

it('of other objects', () => {
  expect(fieldOf('at most 3 replicas', deployment)).toBe('spec.replicas');
});
