import { expect, it } from '@jest/globals';
import { readManifests } from './readManifests.ts';

const map = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

const read = (text: string, file = 'a.yaml') => readManifests([{ file, text }], 'apps');

it('keeps each text as it is, with its line', () => {
  const first = `${map('a', 'data:\n  mode: 0644 # four\n  go: "{{ .x }}"\n  on: yes\n  text: |\n    ---\n    x\n')}`;
  const text = `# head\n---\n${first}---\n# only a comment\n---\n${map('b')}`;
  expect(read(text)).toEqual([
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: undefined },
      ...{ file: 'a.yaml', line: 3, text: first },
    },
    expect.objectContaining({ name: 'b', line: 17, text: map('b') }),
  ]);
});

it('takes the items of a list, and JSON', () => {
  const json = JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'List' },
    items: [1, 2].map((n) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${n}` } })),
  });
  expect(read(json).map(({ name }) => name)).toEqual(['p1', 'p2']);
});

it.each([
  ['a tab', 'kind: a\nx:\n\ty: 1\n', 'a.yaml:3: it is not YAML: Tabs are not allowed'],
  ['a key twice', `${map('a')}kind: b\n`, 'a.yaml:5: it is not YAML: Map keys must be unique'],
  [
    'no kind',
    'apiVersion: v1\nmetadata: {name: a}\n',
    'a.yaml:1: it is not an object of Kubernetes: no kind.',
  ],
  [
    'values',
    '\n\nreplicas: 1\n',
    'a.yaml:3: it is not an object of Kubernetes: no apiVersion, no kind, no metadata.name.',
  ],
  ['a list', '- a\n', 'a.yaml:1: it is not an object of Kubernetes'],
  [
    'the same twice',
    `${map('a')}---\n${map('a', '').replace('name: a', 'name: a\n  namespace: apps')}`,
    'a.yaml:6: ConfigMap/a stands already in a.yaml:1.',
  ],
  [
    'a kustomization',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: a}\n',
    'which kustomize reads',
  ],
  [
    '10 MB',
    `${map('a')}# ${'x'.repeat(10_000_000)}`,
    'a.yaml: it has 10 MiB; a manifest may have 8 MiB.',
  ],
])('refuses %s', (_name, text, said) => {
  const problems: unknown[] = [];
  try {
    read(text);
  } catch (error) {
    problems.push(...(error as AggregateError).errors.map(String));
  }
  expect(problems).toEqual([expect.stringContaining(said)]);
});
