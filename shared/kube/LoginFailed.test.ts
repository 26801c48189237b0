import { expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { checkReachable, readKubeconfig } from './connect.ts';
import { KubeApi } from './KubeApi.ts';

function kubeconfig(user: object): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user }],
  });
}

const exec = (command: string, ...args: string[]) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args },
});

it.each([
  [
    'a program that fails',
    exec(process.execPath, '-e', 'console.error("a\\nno AZURE_CLIENT_ID"); process.exitCode = 1'),
    `Input kubeconfig: the program ${process.execPath} that logs in to the cluster failed. It says: no AZURE_CLIENT_ID.`,
  ],
  [
    'a program that is not there',
    exec('/no/such/kubelogin'),
    'Input kubeconfig: the program /no/such/kubelogin that logs in to the cluster cannot be started.',
  ],
  [
    'a file that is not there',
    { 'client-certificate': '/no/such.pem', 'client-key': '/no/such.key' },
    'Input kubeconfig: the file /no/such.pem that it names cannot be read (ENOENT).',
  ],
])('tells of %s', async (_name, user, said) => {
  const config = readKubeconfig({ text: kubeconfig(user) });
  const api = new KubeApi(config, { env: {}, log: silent });
  await expect(checkReachable(api)).rejects.toThrow(said);
});
