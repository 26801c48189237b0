import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';

/**
 * Lets a kubeconfig's users have their tokens in files (`tokenFile`), as client-go has it: the client
 * for JavaScript knows that of a pod's service account only.
 *
 * @param users as they stand in the kubeconfig
 * @param path of the kubeconfig, to which the files are relative
 */
export function keepTokenFiles(config: KubeConfig, users: unknown, path?: string): void {
  const files = new Map(Array.isArray(users) ? users.flatMap(fileOf) : []);
  if (files.size === 0) return;
  const folder = path === undefined ? '.' : dirname(path);
  config.users = config.users.map((user) => {
    const file = files.get(user.name);
    if (file === undefined) return user;
    const tokenFile = resolve(folder, file);
    const authProvider = { name: 'tokenFile', config: { tokenFile } };
    return { name: user.name, impersonateUser: user.impersonateUser ?? '', authProvider };
  });
}

function fileOf(entry: {
  readonly name?: string;
  readonly user?: { readonly tokenFile?: unknown } | null;
}): [string, string][] {
  const { name, user } = entry ?? {};
  const file = user?.tokenFile;
  return name !== undefined && typeof file === 'string' ? [[name, file]] : [];
}

/** What reads the token of the current user anew each time, since whoever wrote the file renews it there. */
export function tokenFileOf(config: KubeConfig): (() => Promise<string>) | undefined {
  const path: unknown = config.getCurrentUser()?.authProvider?.config?.tokenFile;
  if (typeof path !== 'string') return undefined;
  return async () => (await readFile(path, 'utf8')).trim();
}
