import { expect, it } from '@jest/globals';
import type { KubeObject } from './KubeObject.ts';
import { missingKeys } from './missingKeys.ts';

const secret: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } },
  ...{ data: { user: 'YQ==' }, stringData: { password: 'b' } },
};
const deployment = (secretKeyRef: object): KubeObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
  spec: {
    template: { spec: { containers: [{ env: [{ name: 'A', valueFrom: { secretKeyRef } }] }] } },
  },
});

it.each<[string, object, string[]]>([
  ['one of data', { name: 'db', key: 'user' }, []],
  ['one of stringData', { name: 'db', key: 'password' }, []],
  ['of another Secret', { name: 'other', key: 'x' }, []],
  ['one that may be missing', { name: 'db', key: 'x', optional: true }, []],
  [
    'one that it has not',
    { name: 'db', key: 'pasword' },
    [
      'Deployment/web wants key pasword of Secret db (spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key), which the release makes without it.',
    ],
  ],
])('a key: %s', (_name, reference, said) => {
  expect(missingKeys([secret, deployment(reference)]).map(({ what }) => what)).toEqual(said);
});

it('names the keys that there are, and is not certain: an operator may add one', () => {
  const [found] = missingKeys([secret, deployment({ name: 'db', key: 'x' })]);
  expect(found).toMatchObject({ certain: false, why: 'It has user, password' });
});
