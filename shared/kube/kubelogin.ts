import type { KubeConfig } from '@kubernetes/client-node';

/** A kubeconfig's own way to log in, as far as it is looked at. */
interface Exec {
  readonly command?: string;
  readonly args?: readonly string[] | null;
}

/**
 * The application of Entra's for which a kubeconfig has kubelogin ask for a token (`--server-id`);
 * `undefined` where it logs in by something else.
 */
export function serverOfKubelogin(config: KubeConfig): string | undefined {
  const { exec } = config.getCurrentUser() ?? {};
  const { command = '', args } = (exec ?? {}) as Exec;
  if (!/(^|[\\/])kubelogin(\.exe)?$/.test(command)) return undefined;
  const words = args ?? [];
  const joined = words.find((word) => word.startsWith('--server-id='));
  return joined?.slice('--server-id='.length) ?? words[words.indexOf('--server-id') + 1];
}
