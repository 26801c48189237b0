import { KubeConfig, VersionApi } from '@kubernetes/client-node';
import { Failure } from '../failure/Failure.ts';

export type { KubeConfig };

/** How long the API server may take to say that it is there. */
const helloMs = 10_000;

/**
 * Reads a kubeconfig.
 *
 * @param text YAML or JSON
 * @throws {Failure} that says what is wrong with it
 */
export function readKubeconfig(text: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw notAKubeconfig(firstLine(error));
  }
  const cluster = config.getCurrentCluster();
  if (!config.getCurrentContext()) throw notAKubeconfig('It has no `current-context`.');
  if (!cluster?.server) {
    throw notAKubeconfig(
      `Its current context ${config.getCurrentContext()} names no cluster with a server.`,
    );
  }
  if (!config.getCurrentUser()) {
    throw notAKubeconfig(
      `Its current context ${config.getCurrentContext()} names no user that it holds.`,
    );
  }
  return config;
}

function notAKubeconfig(why: string): Failure {
  return new Failure({
    what: 'Input kubeconfig: it cannot be used.',
    why,
    remedy:
      'Give the whole file (as text or base64), as `kubectl config view --flatten --minify` prints it.',
  });
}

/**
 * Asks the API server for its version, so that one that is not there is known before anything is
 * begun.
 *
 * @throws {Failure} when it does not answer, or does not know who we are
 */
export async function checkReachable(config: KubeConfig): Promise<void> {
  const server = config.getCurrentCluster()?.server ?? '';
  try {
    await config
      .makeApiClient(VersionApi)
      .getCode({ signal: AbortSignal.timeout(helloMs) } as never);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 401 || code === 403) {
      throw new Failure({
        what: `Input kubeconfig: ${server} does not accept its user (${code}).`,
        remedy: 'Renew its token or certificate.',
      });
    }
    if (typeof code === 'number') return;
    throw new Failure({
      what: `Input kubeconfig: the API server ${server} does not answer.`,
      why: networkReason(error),
      remedy:
        'Check the address, and that this runner reaches it (private clusters want a runner inside).',
    });
  }
}

function networkReason(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') return 'Nothing listens there (connection refused).';
    if (code === 'ENOTFOUND') return 'Its host name is not known.';
    if (code !== undefined && /CERT|SIGN|TLS|SSL/.test(String(code))) {
      return `Its certificate is not trusted (${code}).`;
    }
    if (at.name === 'TimeoutError') return `Nothing came within ${helloMs / 1000} s.`;
    if (at.cause === undefined) return `It failed with ${JSON.stringify(at.message)}.`;
  }
  return String(error);
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return `${line}.`;
}

/**
 * The service account of the pod in which the runner runs.
 *
 * @throws {Failure} outside of a pod
 */
export function readInCluster(): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromCluster();
  } catch {
    throw new Failure({
      what: 'There is no kubeconfig.',
      why: 'Neither `kubeconfig` nor KUBECONFIG is given, ~/.kube/config is not there, and this runner is not in a pod.',
      remedy: 'Give `kubeconfig`.',
    });
  }
  return config;
}

/** What of a kubeconfig no log may show. */
export function secretsOf(config: KubeConfig): string[] {
  return config.users.flatMap(({ token, password, keyData }) =>
    [token, password, keyData].filter((secret) => typeof secret === 'string' && secret !== ''),
  ) as string[];
}
