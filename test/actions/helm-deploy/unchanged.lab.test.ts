import { describe, expect, it } from '@jest/globals';
import { ApiextensionsV1Api } from '@kubernetes/client-node';
import { startAction } from '../startAction.ts';
import { config, deploy, kubeconfig, namespace, revisions } from './cluster.ts';
import { workspaceOf } from './workspaceOf.ts';

const definitions = config.makeApiClient(ApiextensionsV1Api);

describe('skip-unchanged', () => {
  it.each(['4', '3'])(
    'no revision where nothing differs, and what differs (Helm %s)',
    async (version) => {
      await using space = await namespace();
      const run = (values: object) =>
        deploy(
          space.name,
          { ...values },
          { inputs: { 'skip-unchanged': 'true', 'helm-version': version } },
        );
      const first = await run({ replicas: 1 });
      expect(first.outputs).toMatchObject({ revision: '1', status: 'deployed' });
      const second = await run({ replicas: 1 });
      expect(second.annotations).toEqual([]);
      expect(second.outputs).toMatchObject({ revision: '1', status: 'deployed', changed: '[]' });
      expect(second.log).toContain('Nothing differs from revision 1; no revision is made.');
      const third = await run({ replicas: 1, password: 'other' });
      expect(third.outputs).toMatchObject({
        revision: '2',
        status: 'deployed',
        changed: '["Secret/web"]',
      });
      expect(await revisions(space.name)).toEqual(['1 superseded', '2 deployed']);
    },
    120_000,
  );

  it('of manifests', async () => {
    await using space = await namespace();
    using folder = workspaceOf({
      'a.json': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } },
    });
    const run = () =>
      startAction('helm-deploy', {
        workspace: folder.path,
        inputs: {
          ...{ chart: 'a.json', release: 'web', namespace: space.name, kubeconfig },
          'skip-unchanged': 'true',
        },
      });
    expect((await run()).outputs).toMatchObject({ revision: '1', status: 'deployed' });
    const second = await run();
    expect(second.outputs).toMatchObject({ revision: '1', status: 'deployed', changed: '[]' });
  }, 60_000);
});

it('definitions of a chart are upgraded when asked, and no stored version vanishes', async () => {
  await using space = await namespace();
  const group = `${space.name}.test`;
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema });
  const definition = (...versions: object[]) => ({
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `widgets.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced', versions },
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
    },
  });
  const run = async (crds: string, versions: readonly object[]) => {
    using folder = workspaceOf({
      'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'c/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      'c/crds/w.json': definition(...versions),
    });
    return await startAction('helm-deploy', {
      workspace: folder.path,
      inputs: { chart: 'c', release: 'web', namespace: space.name, kubeconfig, crds },
    });
  };
  const present = async () => {
    const found = await definitions.readCustomResourceDefinition({ name: `widgets.${group}` });
    return found.spec.versions.map(({ name }) => name);
  };
  const steps = [
    await run('create', [version('v1', true)]),
    await run('create', [version('v1', true), version('v2', false)]),
  ];
  expect(steps.flatMap(({ annotations }) => annotations)).toEqual([]);
  expect(await present()).toEqual(['v1']);
  steps.push(await run('upgrade', [version('v1', true), version('v2', false)]));
  expect(await present()).toEqual(['v1', 'v2']);
  expect(steps.flatMap(({ annotations }) => annotations)).toEqual([]);
  const refused = await run('upgrade', [version('v2', true)]);
  expect(refused.annotations).toMatchObject([
    { message: expect.stringContaining(`widgets.${group} has no version v1 any more`) },
  ]);
  expect(await present()).toEqual(['v1', 'v2']);
  await definitions.deleteCustomResourceDefinition({ name: `widgets.${group}` });
}, 120_000);
