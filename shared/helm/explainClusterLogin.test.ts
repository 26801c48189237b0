import { expect, it } from '@jest/globals';
import { explainClusterLogin } from './explainClusterLogin.ts';

const get =
  'Error: kubernetes cluster unreachable: Get "https://c:443/version": getting credentials: ';

it.each([
  [
    `AADSTS7000215: Invalid client secret\n${get}exec: executable kubelogin failed with exit code 1\n`,
    {
      what: 'Input kubeconfig: the program kubelogin that logs in to the cluster failed.',
      why: 'It says: AADSTS7000215: Invalid client secret.',
      remedy: expect.stringContaining('the variables that kubelogin reads'),
    },
  ],
  [
    `${get}exec: executable aws failed with exit code 255`,
    { why: 'It says: failed with exit code 255.' },
  ],
  [
    `${get}exec: executable kubelogin not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n`,
    {
      what: expect.stringContaining('the program kubelogin that logs in to the cluster cannot be'),
    },
  ],
  [`${get}decoding stdout: EOF`, { why: 'It says: decoding stdout: EOF.' }],
  [
    'Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials',
    { what: 'Input kubeconfig: the API server does not accept its user any more (401).' },
  ],
])('%s', (stderr, expected) => {
  expect(explainClusterLogin(stderr)).toMatchObject(expected);
});

it('is about nothing else', () => {
  expect(explainClusterLogin('Error: secrets is forbidden')).toBeUndefined();
});
