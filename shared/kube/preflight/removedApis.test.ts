import { expect, it } from '@jest/globals';
import { removalOf, successorOf } from './removedApis.ts';

it.each([
  ['policy/v1beta1', 'PodDisruptionBudget', 25, 'policy/v1'],
  ['policy/v1beta1', 'PodSecurityPolicy', 25, undefined],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 26, 'autoscaling/v2'],
  ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', 25, 'autoscaling/v2'],
  ['extensions/v1beta1', 'Deployment', 16, 'apps/v1'],
  ['extensions/v1beta1', 'Ingress', 22, 'networking.k8s.io/v1'],
  ['networking.k8s.io/v1beta1', 'Ingress', 22, 'networking.k8s.io/v1'],
  ['batch/v1beta1', 'CronJob', 25, 'batch/v1'],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 22, 'apiextensions.k8s.io/v1'],
  ['rbac.authorization.k8s.io/v1beta1', 'Role', 22, 'rbac.authorization.k8s.io/v1'],
])('%s %s went with 1.%i, to %s', (apiVersion, kind, since, successor) => {
  expect(removalOf(apiVersion, kind)).toMatchObject({ since, successor });
});

it.each([
  ['apps/v1', 'Deployment', ['apps/v1'], undefined],
  ['policy/v1beta1', 'PodDisruptionBudget', [], 'policy/v1'],
  ['policy/v1beta1', 'PodSecurityPolicy', ['policy/v1beta1'], undefined],
  [
    'cert-manager.io/v1alpha2',
    'Certificate',
    ['cert-manager.io/v1beta1', 'cert-manager.io/v1'],
    'cert-manager.io/v1',
  ],
  ['cert-manager.io/v1', 'Certificate', ['networking.internal.knative.dev/v1alpha1'], undefined],
  ['acme.io/v1', 'Thing', ['acme.io/v1alpha1'], 'acme.io/v1alpha1'],
])('in place of %s %s, of which %j is served: %s', (apiVersion, kind, served, expected) => {
  if (apiVersion === 'apps/v1') expect(removalOf(apiVersion, kind)).toBeUndefined();
  else expect(successorOf(apiVersion, kind, served)).toBe(expected);
});
