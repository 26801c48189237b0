import { expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import { checkReachable } from './connect.ts';
import { type KubeApi, KubeProblem } from './KubeApi.ts';

const aks = { name: 'The AKS cluster acme', remedy: 'Give it a role.' };
const silent = new Failure({ what: 'x', why: 'getaddrinfo ENOTFOUND' });

it.each<[string, string, Error, RegExp]>([
  [
    'a private cluster',
    'https://acme-1.2.privatelink.canadacentral.azmk8s.io:443',
    silent,
    /The AKS cluster acme: the API server .* does not answer\..*private cluster.*runner in its network/,
  ],
  ['another', 'https://acme.test', silent, /does not answer\..*Check the address/],
  [
    'a user whom it does not take',
    'https://acme.test',
    new KubeProblem(401, 'Unauthorized'),
    /The AKS cluster acme: .* does not accept its user \(401\)\. Give it a role\./,
  ],
])('%s', async (_name, server, error, said) => {
  const api = { server, version: () => Promise.reject(error) } as unknown as KubeApi;
  await expect(checkReachable(api, aks)).rejects.toThrow(said);
});
