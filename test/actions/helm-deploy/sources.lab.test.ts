import { describe, expect, it } from '@jest/globals';
import { ApiextensionsV1Api, CustomObjectsApi } from '@kubernetes/client-node';
import { type StepOptions, startAction } from '../startAction.ts';
import { apps, busybox, config, core, kubeconfig, namespace, revisions } from './cluster.ts';
import { workspaceOf } from './workspaceOf.ts';

const definitions = config.makeApiClient(ApiextensionsV1Api);
const custom = config.makeApiClient(CustomObjectsApi);

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: ${image}
          command: [sleep, "3600"]
          volumeMounts: [{name: text, mountPath: /text}]
      volumes:
        - name: text
          configMap: {name: text, defaultMode: 0444}
`;
const text = (name: string, content: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  text: ${JSON.stringify(content)}
`;
/** `%{` stands for what the linter takes for a mistake. */
const put = (content: string) => content.replaceAll('%{', '$' + '{');
const template = put('{{ .Values.x }} {{- if }} %{HOME} ünï 😀');

function apply(workspace: string, space: string, inputs: StepOptions['inputs'] = {}) {
  return startAction('helm-deploy', {
    workspace,
    inputs: {
      chart: 'k8s',
      release: 'web',
      namespace: space,
      timeout: '60s',
      kubeconfig,
      ...inputs,
    },
  });
}

describe('manifests', () => {
  it('are a release: to the byte, pruned, and rolled back', async () => {
    await using space = await namespace();
    using one = workspaceOf({
      'k8s/web.yaml': `${deployment(busybox)}---\n${text('text', template)}`,
      'k8s/more/extra.yml': text('extra', 'x'),
    });
    const first = await apply(one.path, space.name);
    expect(first.annotations).toEqual([]);
    expect(first.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    const { data } = await core.readNamespacedConfigMap({ namespace: space.name, name: 'text' });
    expect(data?.text).toBe(template);
    const { spec } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    expect(spec?.template.spec?.volumes?.[0]?.configMap?.defaultMode).toBe(0o444);

    using two = workspaceOf({
      'k8s/web.yaml': `${deployment(`${busybox}-none`)}---\n${text('text', 'other')}`,
    });
    const second = await apply(two.path, space.name);
    expect(second.outputs).toMatchObject({ revision: '3', status: 'rolled-back' });
    expect(second.annotations[0]?.message).toContain('busybox:1.36-none');
    const maps = await core.listNamespacedConfigMap({ namespace: space.name });
    expect(maps.items.map(({ metadata }) => metadata?.name)).toContain('extra');

    using three = workspaceOf({ 'k8s.yaml': text('text', 'alone') });
    const third = await apply(three.path, space.name, { chart: 'k8s.yaml' });
    expect(third.outputs).toMatchObject({ revision: '4', status: 'deployed' });
    const left = await core.listNamespacedConfigMap({ namespace: space.name });
    expect(left.items.map(({ metadata }) => metadata?.name).sort()).toEqual([
      'kube-root-ca.crt',
      'platform-actions.web',
      'text',
    ]);
  }, 180_000);

  it('of a kustomization, with variables and the namespace itself', async () => {
    await using space = await namespace();
    using folder = workspaceOf({
      'k8s/kustomization.yaml': {
        namespace: space.name,
        resources: ['base.yaml', 'space.yaml'],
        configMapGenerator: [{ name: 'made', literals: [put('a=%{WORD}')] }],
      },
      'k8s/base.yaml': text('text', 'x'),
      'k8s/space.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${space.name}\n  labels: {team: web}\n`,
    });
    const step = await apply(folder.path, space.name, { variables: 'WORD=hello' });
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    const { items } = await core.listNamespacedConfigMap({ namespace: space.name });
    expect(items.find(({ metadata }) => metadata?.name?.startsWith('made-'))?.data).toEqual({
      a: 'hello',
    });
    const { metadata } = await core.readNamespace({ name: space.name });
    expect(metadata?.labels?.team).toBe('web');
    expect(metadata?.annotations?.['meta.helm.sh/release-name']).toBeUndefined();
  }, 120_000);

  it('take over what kubectl applied before, when told', async () => {
    await using space = await namespace();
    using folder = workspaceOf({ 'k8s/a.yaml': text('a', 'new') });
    const body = { metadata: { name: 'a' }, data: { text: 'old' } };
    await core.createNamespacedConfigMap({ namespace: space.name, body });
    const refused = await apply(folder.path, space.name);
    expect(refused.annotations).toMatchObject([
      {
        message: expect.stringContaining(
          `ConfigMap a in namespace ${space.name} is there already and belongs to no release`,
        ),
      },
    ]);
    const step = await apply(folder.path, space.name, { 'take-ownership': 'true' });
    expect(step.annotations).toEqual([]);
    expect(step.outputs.status).toBe('deployed');
    const { data } = await core.readNamespacedConfigMap({ namespace: space.name, name: 'a' });
    expect(data?.text).toBe('new');
  }, 120_000);

  it('a definition goes before its custom resource, and stays', async () => {
    await using space = await namespace();
    const group = `${space.name}.test`;
    const widget = {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'one' },
      size: 3,
    };
    using folder = workspaceOf({ 'k8s/a.json': widget, 'k8s/b.json': definitionOf(group) });
    const step = await apply(folder.path, space.name);
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    expect(step.log).toContain(`stay when the release goes: widgets.${group}`);
    const found = await custom.getNamespacedCustomObject({
      ...{ group, version: 'v1', namespace: space.name, plural: 'widgets', name: 'one' },
    });
    expect(found).toMatchObject({ size: 3 });

    const again = await apply(folder.path, space.name);
    expect(again.outputs).toMatchObject({ revision: '2', status: 'deployed' });
    await definitions.deleteCustomResourceDefinition({ name: `widgets.${group}` });
  }, 120_000);

  it('a kind that never comes: back to before, and the first release is gone', async () => {
    await using space = await namespace();
    using folder = workspaceOf({
      'k8s/a.yaml': deployment(busybox)
        .replace(/ +volumeMounts.*\n/, '')
        .replace(/ +volumes:[\s\S]*/, ''),
      'k8s/b.json': { apiVersion: 'nobody.test/v1', kind: 'Never', metadata: { name: 'one' } },
    });
    const step = await apply(folder.path, space.name, { timeout: '10s' });
    expect(step.annotations).toMatchObject([
      { message: expect.stringContaining('still does not serve nobody.test/v1 Never.') },
    ]);
    expect(step.outputs.status).toBe('uninstalled');
    expect(await revisions(space.name)).toEqual([]);
  }, 120_000);

  it.each<[string, Record<string, string | object>, StepOptions['inputs'], string[]]>([
    [
      'a name without a value',
      { 'k8s/a.yaml': `${text('a', 'x')}${put('# %{TAB}')}\n` },
      { variables: 'TAG=1' },
      [put('k8s/a.yaml:7: %{TAB} has no value. Did you mean %{TAG}?')],
    ],
    [
      'a kind of nobody',
      { 'k8s/a.json': { apiVersion: 'nobody.test/v1', kind: 'Never', metadata: { name: 'one' } } },
      {},
      ['k8s/a.json:1: the cluster does not serve nobody.test/v1 Never, of which Never/one is one.'],
    ],
    [
      'all that is wrong with manifests',
      { 'k8s/a.yaml': `${text('a', 'x')}---\n${text('a', 'y')}`, 'k8s/b.yaml': 'a:\n\tb: 1\n' },
      {},
      [
        'k8s/b.yaml:2: it is not YAML: Tabs',
        'k8s/a.yaml:8: ConfigMap/a stands already in k8s/a.yaml:1.',
      ],
    ],
    [
      'a kustomization that names nothing',
      { 'k8s/kustomization.yaml': 'resources: [none.yaml]\n' },
      {},
      ['Input chart: the kustomization k8s cannot be rendered.'],
    ],
    [
      'values for manifests',
      { 'k8s/a.yaml': text('a', 'x') },
      { values: 'a: 1' },
      ['Input values: it means nothing for manifests.'],
    ],
    [
      'an image that no container has',
      { 'k8s/a.yaml': deployment(busybox) },
      { images: `wbe=r.io/web@sha256:${'a'.repeat(64)}` },
      [
        'Input images: wbe is neither a value of the chart nor an image of a container. Its containers have 127.0.0.1:15000/library/busybox:1.36.',
      ],
    ],
  ])(
    '%s',
    async (_name, files, inputs, said) => {
      using folder = workspaceOf(files);
      const step = await apply(folder.path, 'default', { release: 'bad-manifests', ...inputs });
      expect(step.annotations).toMatchObject(
        said.map((line) => ({ level: 'error', message: expect.stringContaining(line) })),
      );
      expect(step.exitCode).toBe(1);
      expect(step.outputs.revision).toBeUndefined();
    },
    60_000,
  );
});

it.each(['4', '3'])(
  'a chart with a custom resource beside its definition (Helm %s)',
  async (version) => {
    await using space = await namespace();
    const group = `${space.name}.test`;
    using folder = workspaceOf({
      'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'c/values.yaml': 'size: 3\n',
      'c/templates/definition.yaml': definitionOf(group),
      'c/templates/widget.yaml': `apiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: one}\nsize: {{ .Values.size }}\n`,
    });
    const run = (size: number) =>
      apply(folder.path, space.name, {
        ...{ chart: 'c', set: `size=${size}`, 'helm-version': version },
      });
    const step = await run(4);
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '2', status: 'deployed' });
    const widget = { group, version: 'v1', namespace: space.name, plural: 'widgets', name: 'one' };
    expect(await custom.getNamespacedCustomObject(widget)).toMatchObject({ size: 4 });
    expect((await run(5)).outputs).toMatchObject({ revision: '3', status: 'deployed' });
    await definitions.deleteCustomResourceDefinition({ name: `widgets.${group}` });
  },
  120_000,
);

function definitionOf(group: string): object {
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `widgets.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced' },
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
