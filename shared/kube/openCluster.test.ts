import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { kubeconfigFor } from './kubeconfigFor.ts';
import { openCluster } from './openCluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'open-cluster-'));
const asked: (string | undefined)[] = [];
const server = createServer(({ headers }, response) => {
  asked.push(headers.authorization);
  response.end('{}');
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A kubeconfig with this user, in a file. */
function kubeconfig(user: object): string {
  const path = join(folder, 'config');
  const { port } = server.address() as AddressInfo;
  const text = {
    // The client speaks without TLS only to whom it would not check.
    clusters: [
      {
        name: 'c',
        cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
      },
    ],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'web' } }],
    users: [{ name: 'u', user }],
    'current-context': 'x',
  };
  writeFileSync(path, JSON.stringify(text));
  return path;
}

const masks: string[] = [];
const options = { env: {}, log: silent, mask: (secret: string) => masks.push(secret) };
const entraToken = (id: string) => async () => `token-for-${id}`;

describe('openCluster', () => {
  it("reads a token's file anew each time, beside the kubeconfig", async () => {
    const paths = [kubeconfig({ tokenFile: 'token' })];
    writeFileSync(join(folder, 'token'), 'first\n');
    const { api, namespace } = await openCluster({ kubeconfig: { paths } }, options);
    await api.get('/version');
    writeFileSync(join(folder, 'token'), 'second');
    await api.get('/version');
    expect(asked.splice(0)).toEqual(['Bearer first', 'Bearer second']);
    expect(masks).toEqual(['first', 'second']);
    expect(namespace).toBe('web');
  });

  it.each([
    ['kubelogin', ['get-token', '--server-id', 'an-id']],
    ['/usr/local/bin/kubelogin', ['get-token', '--login', 'msi', '--server-id=an-id']],
  ])('does what %s does, and starts no program', async (command, args) => {
    const paths = [kubeconfig({ exec: { command, args, apiVersion: 'v1' } })];
    const opened = await openCluster({ kubeconfig: { paths }, entraToken }, options);
    await opened.api.get('/version');
    expect(asked.splice(0)).toEqual(['Bearer token-for-an-id']);

    const path = (await kubeconfigFor(opened, folder, silent)) ?? '';
    const { users, clusters } = JSON.parse(readFileSync(path, 'utf8'));
    const tokenFile = join(folder, 'cluster-token');
    expect(users).toEqual([{ name: 'u', user: { tokenFile } }]);
    expect(clusters).toMatchObject([{ name: 'c' }]);
    expect(readFileSync(tokenFile, 'utf8')).toBe('token-for-an-id');
    expect([path, tokenFile].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('leaves other programs to those who start them', async () => {
    const paths = [kubeconfig({ exec: { command: 'aws', args: ['eks'], apiVersion: 'v1' } })];
    const opened = await openCluster({ kubeconfig: { paths }, entraToken }, options);
    expect(opened.bearer).toBeUndefined();
    expect(await kubeconfigFor(opened, folder, silent)).toBe(paths[0]);
  });
});
