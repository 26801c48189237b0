import { describe, expect, it } from '@jest/globals';
import { parseManifest } from './parseManifest.ts';
import { podOf, podTemplateOf } from './podTemplates.ts';
import { definedBy, providedBy } from './providedBy.ts';
import { referencesOf } from './references.ts';

function object(text: string) {
  const [first] = parseManifest(text);
  if (first === undefined) throw new Error('no object');
  return first;
}

const deployment = (spec: string) =>
  object(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}, spec: ${spec}}}`);

describe('referencesOf', () => {
  it.each([
    ['nothing', '{containers: [{name: a}]}', []],
    ['an account', '{serviceAccountName: a}', ['ServiceAccount/a']],
    ['an account by its old name', '{serviceAccount: a}', ['ServiceAccount/a']],
    ['an empty account', '{serviceAccountName: ""}', []],
    [
      'classes',
      '{priorityClassName: p, runtimeClassName: r}',
      ['PriorityClass/p', 'RuntimeClass/r'],
    ],
    ['pull secrets', '{imagePullSecrets: [{name: a}, {name: b}]}', ['Secret/a', 'Secret/b']],
    [
      'variables',
      '{containers: [{env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: B, valueFrom: {configMapKeyRef: {name: c, key: k}}}]}]}',
      ['Secret/s', 'ConfigMap/c'],
    ],
    [
      'variables from all of one, of init containers too',
      '{initContainers: [{envFrom: [{secretRef: {name: s}}, {configMapRef: {name: c}}]}]}',
      ['Secret/s', 'ConfigMap/c'],
    ],
    [
      'nothing that is optional',
      '{containers: [{envFrom: [{secretRef: {name: s, optional: true}}]}], volumes: [{name: v, secret: {secretName: t, optional: true}}]}',
      [],
    ],
    [
      'volumes',
      '{volumes: [{secret: {secretName: s}}, {configMap: {name: c}}, {persistentVolumeClaim: {claimName: p}}, {azureFile: {secretName: z}}, {projected: {sources: [{secret: {name: q}}]}}, {emptyDir: {}}]}',
      ['Secret/s', 'ConfigMap/c', 'PersistentVolumeClaim/p', 'Secret/z', 'Secret/q'],
    ],
  ])('%s', (_what, spec, expected) => {
    expect(referencesOf(deployment(spec)).map(({ kind, name }) => `${kind}/${name}`)).toEqual(
      expected,
    );
  });

  it('says where', () => {
    expect(
      referencesOf(
        deployment(
          '{containers: [{name: a}, {env: [{name: A}, {valueFrom: {secretKeyRef: {name: s}}}]}]}',
        ),
      )[0]?.path,
    ).toBe('spec.template.spec.containers[1].env[1].valueFrom.secretKeyRef.name');
  });

  it.each([
    [
      'a CronJob',
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {serviceAccountName: s}}}}}',
      ['spec.jobTemplate.spec.template.spec.serviceAccountName'],
    ],
    [
      'a Pod',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccountName: s}',
      ['spec.serviceAccountName'],
    ],
    [
      'a claim',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {storageClassName: fast}',
      ['spec.storageClassName'],
    ],
    [
      'claims of a StatefulSet',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {volumeClaimTemplates: [{spec: {storageClassName: fast}}], template: {spec: {}}}',
      ['spec.volumeClaimTemplates[0].spec.storageClassName'],
    ],
    [
      'an Ingress',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {ingressClassName: nginx, tls: [{secretName: t}]}',
      ['spec.ingressClassName', 'spec.tls[0].secretName'],
    ],
    [
      'a kind of the same name of somebody else',
      'apiVersion: acme.io/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {serviceAccountName: s}}}',
      [],
    ],
  ])('of %s', (_what, text, paths) => {
    expect(referencesOf(object(text)).map(({ path }) => path)).toEqual(paths);
  });
});

describe('providedBy', () => {
  it.each([
    ['apiVersion: v1\nkind: Secret\nmetadata: {name: a}', 'Secret/a'],
    ['apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a}', 'Secret/a'],
    [
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a}\nspec: {target: {name: b}}',
      'Secret/b',
    ],
    ['apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: a}', 'Secret/a'],
    [
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\nspec: {secretName: t}',
      'Secret/t',
    ],
    [
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: {cert-manager.io/cluster-issuer: le}}\nspec: {tls: [{secretName: t}]}',
      'Secret/t',
    ],
    [
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {volumeClaimTemplates: [{metadata: {name: data}}]}',
      'PersistentVolumeClaim/data-db-0',
    ],
  ])('%s', (text, expected) => {
    expect([...providedBy([object(text)])]).toContain(expected);
  });
});

it('tells which kinds come with definitions and with templates of constraints', () => {
  const objects = parseManifest(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.acme.io}
spec: {group: acme.io, names: {kind: Thing}}
---
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: repos}
spec: {crd: {spec: {names: {kind: Repos}}}}`);
  expect([...definedBy(objects)]).toEqual(['acme.io/Thing', 'constraints.gatekeeper.sh/Repos']);
});

describe('podOf', () => {
  const of = (owner: ReturnType<typeof object>, absent?: Parameters<typeof podOf>[1]) => {
    const template = podTemplateOf(owner);
    if (template === undefined) throw new Error('no template');
    return podOf(template, absent);
  };

  it('makes the pod as a controller would', () => {
    expect(of(deployment('{containers: [{name: a}]}'))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'web-', labels: { app: 'web' } },
      spec: { containers: [{ name: 'a' }], volumes: [] },
    });
  });

  it('leaves out what is not there yet', () => {
    const owner = deployment('{serviceAccountName: a, priorityClassName: b, runtimeClassName: c}');
    expect(of(owner, ['ServiceAccount', 'PriorityClass']).spec).toEqual({
      runtimeClassName: 'c',
      volumes: [],
    });
  });

  it('has the claims of a StatefulSet', () => {
    const owner = object(
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {volumeClaimTemplates: [{metadata: {name: data}}], template: {spec: {}}}',
    );
    expect(of(owner).spec).toEqual({
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }],
    });
  });
});
