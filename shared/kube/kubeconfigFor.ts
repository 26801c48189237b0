import { renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Log } from '../log/Log.ts';
import type { OpenCluster } from './openCluster.ts';

/** client-go reads a token's file each minute. Nothing is asked or written where the token is the same. */
const lookMs = 5000;

/**
 * Where a program finds the cluster: the value of KUBECONFIG for it. What came as text, and a token of
 * Entra's, become files of the step's own, for it alone; a token there is renewed as long as this step
 * lives, so that a wait of hours does not outlive it.
 *
 * @param folder of the step's own, gone when it ends
 * @returns `undefined` in a pod, where programs find it as we did
 * @throws {Failure} when Entra gives no token
 */
export async function kubeconfigFor(
  { kubeconfig, config, bearer }: Pick<OpenCluster, 'kubeconfig' | 'config' | 'bearer'>,
  folder: string,
  log: Log,
): Promise<string | undefined> {
  if (kubeconfig === undefined) return undefined;
  const path = join(folder, 'kubeconfig');
  if (bearer !== undefined) {
    const tokenFile = join(folder, 'cluster-token');
    writeFileSync(tokenFile, await bearer(), { mode: 0o600 });
    keepFresh(tokenFile, bearer, log);
    const text = config.exportConfig();
    const [user] = config.users;
    const users = [{ name: user?.name, user: { as: user?.impersonateUser, tokenFile } }];
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), users }), { mode: 0o600 });
    return path;
  }
  if ('paths' in kubeconfig) return kubeconfig.paths.join(delimiter);
  writeFileSync(path, kubeconfig.text, { mode: 0o600 });
  return path;
}

function keepFresh(path: string, bearer: () => Promise<string>, log: Log): void {
  let written: string | undefined;
  async function look(): Promise<void> {
    const token = await bearer();
    if (token === written) return;
    // Whoever reads it meanwhile finds the old one or the new one, whole.
    writeFileSync(`${path}.new`, token, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    written = token;
  }
  const timer = setInterval(
    () => look().catch((error: Error) => log.debug(`No new token yet: ${error.message}`)),
    lookMs,
  );
  timer.unref();
}
