import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseDigest } from '../../oci/Reference.ts';
import { isNamed } from './isNamed.ts';
import type { ManifestObject } from './ManifestObject.ts';
import { placeImages } from './placeImages.ts';
import { splitLate } from './splitLate.ts';
import { substituteVariables } from './substituteVariables.ts';
import { wrapAsChart } from './wrapAsChart.ts';

const object = (apiVersion: string, kind: string, text = ''): ManifestObject => ({
  ...{ apiVersion, kind, text, name: kind.toLowerCase() },
  ...{ namespace: undefined, file: 'a.yaml', line: 1 },
});

describe('substituteVariables', () => {
  const variables = new Map([['TAG', '1']]);
  /** `%{` stands for what the linter takes for a mistake. */
  const put = (text: string) => text.replaceAll('%{', '$' + '{');

  it.each([
    ['image: web:%{TAG}', 'image: web:1'],
    ['$%{TAG} %{TAG}', '%{TAG} 1'],
    ['$TAG %{TAG:-2} %{1}', '$TAG %{TAG:-2} %{1}'],
  ])('%s', (text, expected) => {
    expect(substituteVariables({ file: 'a', text: put(text) }, variables).text).toBe(put(expected));
  });

  it('tells each name without a value, with its line', () => {
    const text = put('a\n%{TAB} %{TAB}\n%{OTHER}');
    let said: string[] = [];
    try {
      substituteVariables({ file: 'a.yaml', text }, variables);
    } catch (error) {
      said = (error as AggregateError).errors.map(({ what }) => what);
    }
    expect(said).toEqual([
      put('a.yaml:2: %{TAB} has no value. Did you mean %{TAG}?'),
      put('a.yaml:3: %{OTHER} has no value.'),
    ]);
  });
});

describe('wrapAsChart', () => {
  it('keeps texts to the byte, and gives the same objects the same version', () => {
    const text = 'a: "{{ .Values.x }} \u2028 \u007f ünï 😀"\n';
    const files = wrapAsChart({
      ...{ release: 'web', from: 'k8s', objects: [object('v1', 'Pod', text)] },
    });
    const values = files.get('values.yaml') ?? '';
    expect(parse(values)).toEqual({ file0: { '00000 Pod/pod': text } });
    expect(values).toContain('\\u2028 \\u007f');
    expect([...files.keys()]).toContain('templates/000-a.yaml');
    const version = (name: string) =>
      wrapAsChart({ release: 'web', from: 'k8s', objects: [object('v1', name)] }).get('Chart.yaml');
    expect(version('Pod')).toBe(version('Pod'));
    expect(version('Pod')).not.toBe(version('Job'));
  });
});

describe('isNamed', () => {
  it.each([
    ['acme.azurecr.io/team/web:1', 'web', true],
    ['acme.azurecr.io/team/web:1', 'team/web', true],
    ['acme.azurecr.io/team/web:1', 'acme.azurecr.io/team/web', true],
    ['acme.azurecr.io/team/web:1', 'other.io/team/web', false],
    ['acme.azurecr.io/team/my-web', 'web', false],
    ['nginx', 'docker.io/library/nginx', true],
    ['WEB_IMAGE', 'WEB_IMAGE', true],
    ['WEB_IMAGE', 'web', false],
  ])('%s %s: %s', (image, name, expected) => {
    expect(isNamed(image, name)).toBe(expected);
  });
});

it('images are placed by name, and nothing else changes', () => {
  const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
  const image = { registry: 'r.io', repository: 'x/web', digest };
  const text = `spec:
  template:
    spec:
      initContainers: [{name: i, image: "web:1"}]
      containers:
        - image: web:2 # mine
          name: c
        - {name: d, image: other}
      volumes: [{name: v, secret: {defaultMode: 0644}}]
`;
  const { objects, found } = placeImages([{ text }], [{ name: 'web', image }]);
  const whole = `"r.io/x/web@sha256:${'a'.repeat(64)}"`;
  expect(objects).toEqual([
    { text: text.replace('"web:1"', whole).replace('web:2 #', `${whole} #`) },
  ]);
  expect([...(found.get('web') ?? [])]).toEqual(['web:2', 'web:1']);
});

describe('splitLate', () => {
  const crd = object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'spec: {group: a.io, names: {kind: Widget}}',
  );
  const template = object(
    'templates.gatekeeper.sh/v1',
    'ConstraintTemplate',
    'spec: {crd: {spec: {names: {kind: Repos}}}}',
  );
  const served = ({ apiVersion }: { apiVersion: string }) => !/^(a|constraints)\./.test(apiVersion);
  const constraint = object('constraints.gatekeeper.sh/v1beta1', 'Repos');
  it.each<[string, ManifestObject[], number, number]>([
    ['nothing late', [object('v1', 'Pod')], 0, 0],
    ['a resource beside its definition', [crd, object('a.io/v1', 'Widget')], 1, 0],
    ['a constraint beside its template', [template, constraint], 1, 0],
    ['a resource of nobody', [object('a.io/v1', 'Widget')], 1, 1],
    ['a resource of an operator', [object('apps/v1', 'Deployment'), object('a.io/v1', 'W')], 1, 0],
  ])('%s', (_name, objects, late, never) => {
    const split = splitLate(objects, served);
    expect([split.late.length, split.never.length]).toEqual([late, never]);
    expect(split.now.length).toBe(objects.length - late);
  });
});
