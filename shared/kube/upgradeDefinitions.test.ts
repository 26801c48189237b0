import { expect, it } from '@jest/globals';
import { KubeProblem } from './KubeApi.ts';
import { upgradeDefinitions } from './upgradeDefinitions.ts';

const definition = (...versions: string[]) => ({
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.a.io' },
  spec: {
    ...{ group: 'a.io', names: { kind: 'Widget' } },
    versions: versions.map((name) => ({ name, served: true })),
  },
});

/** A server that has this definition, and serves its kinds. */
function server(present: object | undefined) {
  const applied: unknown[] = [];
  const get = async (path: string) => {
    if (/^\/apis\/a\.io\//.test(path)) return { resources: [{ kind: 'Widget', name: 'widgets' }] };
    if (present === undefined) throw new KubeProblem(404, 'none');
    return present;
  };
  const apply = async (_: string, object: unknown) => void applied.push(object);
  return { get: get as never, apply, applied };
}

const files = (...versions: string[]) => [
  { file: 'crds/a.yaml', text: JSON.stringify(definition(...versions)) },
];
const { signal } = new AbortController();
const stored = { ...definition('v1'), status: { storedVersions: ['v1'] } };

it.each<['all' | 'missing', object | undefined, string[]]>([
  ['all', undefined, ['widgets.a.io']],
  ['all', stored, ['widgets.a.io']],
  ['missing', undefined, ['widgets.a.io']],
  ['missing', stored, []],
])('%s, where %j is there', async (only, present, expected) => {
  const api = server(present);
  expect(await upgradeDefinitions(api, files('v1', 'v2'), { only, signal })).toEqual(expected);
  expect(api.applied).toHaveLength(expected.length);
});

it('writes nothing when a stored version would vanish', async () => {
  const api = server(stored);
  const refused = await upgradeDefinitions(api, files('v2'), { only: 'all', signal }).catch(
    (error: AggregateError) => error.errors.map(String),
  );
  expect(refused).toEqual([
    expect.stringContaining('crds/a.yaml: the definition widgets.a.io has no version v1 any more'),
  ]);
  expect(api.applied).toEqual([]);
});
