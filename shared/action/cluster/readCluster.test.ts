import { describe, expect, it } from '@jest/globals';
import { InputReader } from '../InputReader.ts';
import { readAzure } from '../login/readLogin.ts';
import { readCluster } from './readCluster.ts';

const subscription = '44444444-4444-4444-8444-444444444444';
const azure = {
  'azure-client-id': '22222222-2222-4222-8222-222222222222',
  'azure-tenant-id': 'acme.onmicrosoft.com',
};
const aks = { 'aks-cluster': 'acme', 'resource-group': 'platform', subscription };

async function read(given: Readonly<Record<string, string>>) {
  const env = Object.fromEntries(
    Object.entries({ 'aks-admin': 'false', ...given }).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ]),
  );
  const reader = new InputReader(env, () => {});
  const cluster = await readCluster(reader, '/', await readAzure(reader));
  let problems: string[] = [];
  try {
    reader.finish();
  } catch (error) {
    problems = (error as AggregateError).errors.map(({ message }: Error) => message);
  }
  return { cluster, problems };
}

describe('readCluster', () => {
  it('takes a cluster of AKS with an identity', async () => {
    const { cluster, problems } = await read({ ...aks, ...azure, 'aks-admin': 'true' });
    expect(problems).toEqual([]);
    expect(cluster).toMatchObject({
      aks: { name: 'acme', resourceGroup: 'platform', subscription, admin: true, arm: undefined },
      identity: { by: 'oidc', tenant: 'acme.onmicrosoft.com' },
    });
  });

  it('takes nothing: as kubectl would', async () => {
    expect(await read({})).toEqual({
      cluster: { kubeconfig: undefined, aks: undefined, identity: undefined },
      problems: [],
    });
  });

  it.each<[Record<string, string>, RegExp[]]>([
    [aks, [/aks-cluster: Azure is asked by an identity/]],
    [{ ...aks, ...azure, kubeconfig: 'a: b' }, [/kubeconfig and aks-cluster are both given/]],
    [
      { ...azure, 'aks-cluster': 'acme' },
      [/without resource-group.*`resource-group:`/, /without subscription/],
    ],
    [
      { 'resource-group': 'platform', subscription },
      [/resource-group is given without aks-cluster/, /subscription is given without aks-cluster/],
    ],
    [
      { ...aks, ...azure, subscription: 'prod' },
      [/Input subscription: is not a subscription's id/],
    ],
    [{ ...aks, ...azure, 'aks-cluster': 'a/b' }, [/is not the name of an AKS cluster/]],
    [{ ...aks, ...azure, 'aks-cluster': 'a?arm=http://arm.test' }, [/not an https address/]],
  ])('%j is refused', async (given, said) => {
    const { problems } = await read(given);
    expect(problems).toEqual(said.map((pattern) => expect.stringMatching(pattern)));
  });
});
