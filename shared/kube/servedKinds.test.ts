import { expect, it } from '@jest/globals';
import { KubeProblem } from './KubeApi.ts';
import { awaitServed, servedKinds } from './servedKinds.ts';

/** Serves the kinds of `a.io/v1` from the third time on. */
function server() {
  let asked = 0;
  const get = async (path: string) => {
    if (path === '/api/v1')
      return {
        resources: [
          { kind: 'Pod', name: 'pods', namespaced: true },
          { kind: 'X', name: 'pods/x', namespaced: true },
        ],
      };
    asked++;
    if (path === '/apis/a.io/v1' && asked > 2)
      return { resources: [{ kind: 'Widget', name: 'widgets' }] };
    throw new KubeProblem(404, 'none');
  };
  return { get: get as never, asked: () => asked };
}

const widget = { apiVersion: 'a.io/v1', kind: 'Widget' };

it('tells the kinds and where they are', async () => {
  const served = await servedKinds(server(), ['v1', 'a.io/v1', 'v1']);
  expect([...served].map(([version, kinds]) => [version, [...kinds]])).toEqual([
    ['v1', [['Pod', { plural: 'pods', namespaced: true }]]],
    ['a.io/v1', []],
  ]);
});

it('waits until a kind is served', async () => {
  const api = server();
  expect(await awaitServed(api, [widget], { timeoutMs: 5000 })).toEqual([]);
  expect(api.asked()).toBe(3);
});

it('tells what is not served in time', async () => {
  const other = { apiVersion: 'b.io/v1', kind: 'Other' };
  expect(await awaitServed(server(), [other], { timeoutMs: 50 })).toEqual([other]);
});

it('a refusal is not an absence', async () => {
  const get = async () => {
    throw new KubeProblem(403, 'no');
  };
  await expect(servedKinds({ get }, ['v1'])).rejects.toThrow('no');
});
