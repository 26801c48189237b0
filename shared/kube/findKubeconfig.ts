import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../failure/Failure.ts';

/** Files keep their place: what they name (certificates) is relative to it. */
export type Kubeconfig = { readonly text: string } | { readonly paths: readonly string[] };

/**
 * The kubeconfig that kubectl would take: what KUBECONFIG names, else `~/.kube/config`.
 *
 * @returns `undefined` when there is none, as in a pod
 * @throws {Failure} when KUBECONFIG names only what is not there
 */
export function findKubeconfig(
  env: Readonly<Record<string, string | undefined>>,
): Kubeconfig | undefined {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const paths = (
    named.length > 0 ? named : [join(env.HOME ?? homedir(), '.kube', 'config')]
  ).filter((path) => existsSync(path));
  if (paths.length > 0) return { paths };
  if (named.length === 0) return undefined;
  throw new Failure({
    what: `The kubeconfig ${named.join(', ')} that KUBECONFIG names is not there.`,
    remedy: 'Give `kubeconfig`, or correct KUBECONFIG.',
  });
}
