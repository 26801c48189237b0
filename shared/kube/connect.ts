import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { Failure } from '../failure/Failure.ts';
import { type KubeApi, KubeProblem } from './KubeApi.ts';
import { LoginFailed } from './LoginFailed.ts';
import { keepTokenFiles } from './tokenFile.ts';

/** How long the API server may take to say that it is there. */
const helloMs = 10_000;

/**
 * Reads a kubeconfig: a text (YAML or JSON), or files that make one together.
 *
 * @throws {Failure} that says what is wrong with it
 */
export function readKubeconfig(
  given: { readonly text: string } | { readonly paths: readonly string[] },
): KubeConfig {
  const config = new KubeConfig();
  try {
    if ('text' in given) loadText(config, given.text);
    else loadFiles(config, given.paths);
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

function loadFiles(config: KubeConfig, [first = '', ...others]: readonly string[]): void {
  loadFile(config, first);
  for (const path of others) {
    const other = new KubeConfig();
    loadFile(other, path);
    config.mergeConfig(other, Boolean(config.currentContext));
  }
}

function loadFile(config: KubeConfig, path: string): void {
  config.loadFromFile(path);
  const text = readFileSync(path, 'utf8');
  if (text.includes('tokenFile')) keepTokenFiles(config, parse(text)?.users, path);
}

function loadText(config: KubeConfig, text: string): void {
  config.loadFromString(text);
  if (text.includes('tokenFile')) keepTokenFiles(config, parse(text)?.users);
}

function notAKubeconfig(why: string): Failure {
  return new Failure({
    what: 'Input kubeconfig: it cannot be used.',
    why,
    remedy:
      'Give the whole file (as text or base64), as `kubectl config view --flatten --minify` prints it.',
  });
}

/** A cluster by what a person gave, and what to do about a user that it does not take. */
export interface Named {
  readonly name: string;
  readonly remedy: string;
}

const byKubeconfig: Named = {
  name: 'Input kubeconfig',
  remedy: 'Renew its token or certificate.',
};

/**
 * Asks the API server for its version, so that one that is not there is known before anything is
 * begun.
 *
 * @throws {Failure} when it does not answer, or does not know who we are
 */
export async function checkReachable(
  api: KubeApi,
  { name, remedy }: Named = byKubeconfig,
): Promise<void> {
  try {
    await api.version({ deadlineMs: helloMs, repeatable: false });
  } catch (error) {
    if (error instanceof KubeProblem) {
      if (error.code !== 401 && error.code !== 403) return;
      throw new Failure({
        what: `${name}: ${api.server} does not accept its user (${error.code}).`,
        remedy,
      });
    }
    if (!(error instanceof Failure) || error instanceof LoginFailed) throw error;
    throw new Failure({
      what: `${name}: the API server ${api.server} does not answer.`,
      why: error.why,
      remedy: isPrivate(api.server)
        ? "It is a private cluster's address: use a runner in its network, or one that is joined to it."
        : 'Check the address, and that this runner reaches it (private clusters want a runner inside).',
      cause: error,
    });
  }
}

/** The name of a private cluster of AKS is only known inside of its network. */
function isPrivate(server: string): boolean {
  return /\.privatelink\.|\.private\./.test(URL.parse(server)?.hostname ?? '');
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
export function readInCluster(env: Readonly<Record<string, string | undefined>>): KubeConfig {
  if (!env.KUBERNETES_SERVICE_HOST) {
    throw new Failure({
      what: 'There is no kubeconfig.',
      why: 'Neither `kubeconfig` nor KUBECONFIG is given, ~/.kube/config is not there, and this runner is not in a pod.',
      remedy: 'Give `kubeconfig`.',
    });
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

/** What of a kubeconfig no log may show. */
export function secretsOf(config: KubeConfig): string[] {
  return config.users.flatMap(({ token, password, keyData }) =>
    [token, password, keyData].filter((secret) => typeof secret === 'string' && secret !== ''),
  ) as string[];
}
