import { expect, it } from '@jest/globals';
import { packRelease } from '../../../../shared/helm/storedRelease.ts';
import { KubeProblem } from '../../../../shared/kube/KubeApi.ts';
import { checkWritten } from './checkWritten.ts';

const pod = (image: string) =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
    spec: { containers: [{ name: 'c', image }] },
  });
const ref = { release: 'web', namespace: 'shop', revision: 2 };
const proven = new Set(['good', 'hook']);

/** What Helm keeps of the revision. */
function stored(release: object) {
  return {
    async get<T>(): Promise<T> {
      return { data: { release: await packRelease(release) } } as T;
    },
  };
}

it.each<[string, object, RegExp | undefined]>([
  ['what was proven', { manifest: pod('good'), hooks: [{ manifest: pod('hook') }] }, undefined],
  ['less than that', {}, undefined],
  ['another image', { manifest: pod('evil') }, /^Pod\/a → container c runs evil, of which no evid/],
  ['another image in a hook', { hooks: [{ manifest: pod('evil') }] }, /runs evil/],
  [
    'another image among definitions',
    { chart: { files: [{ name: 'crds/a.yaml', data: btoa(pod('evil')) }] } },
    /runs evil/,
  ],
])('%s', async (_name, release, message) => {
  const failure = await checkWritten(proven, ref, stored(release));
  if (message === undefined) expect(failure).toBeUndefined();
  else expect(failure?.message).toMatch(message);
});

it('looks at nothing where nothing has to be proven', async () => {
  const never = { get: () => Promise.reject(new Error('It is asked.')) };
  expect(await checkWritten(undefined, ref, never)).toBeUndefined();
});

it('is a failure where it cannot be told', async () => {
  const denied = { get: () => Promise.reject(new KubeProblem(403, 'secrets is forbidden')) };
  expect((await checkWritten(proven, ref, denied))?.message).toMatch(
    /^What Helm wrote of web cannot be compared .* Secrets is forbidden\./,
  );
});
