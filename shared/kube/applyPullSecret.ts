import { Buffer } from 'node:buffer';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { type KubeApi, KubeProblem } from './KubeApi.ts';

const type = 'kubernetes.io/dockerconfigjson';
const key = '.dockerconfigjson';

interface Present {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export interface RegistryUser {
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Makes or renews a secret by which a kubelet pulls from a registry. Logins to other registries in it
 * stay.
 *
 * @throws {Failure} when something else has that name, or it may not be written
 */
export async function applyPullSecret(
  api: Pick<KubeApi, 'get' | 'apply'>,
  namespace: string,
  name: string,
  user: RegistryUser,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  try {
    const present = await api.get<Present>(path).catch(ifMissing);
    if (present?.type !== undefined && present.type !== type) {
      throw new Failure({
        what: `Secret ${name} in namespace ${namespace} is no pull secret (its type is ${oneLine(present.type)}).`,
        remedy: 'Give another name in `pull-secret`; the type of a secret cannot be changed.',
      });
    }
    await api.apply(path, {
      ...{ apiVersion: 'v1', kind: 'Secret', type },
      metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'platform-actions' } },
      data: { [key]: toBase64(withLogin(present?.data?.[key], user)) },
    });
  } catch (error) {
    if (!(error instanceof KubeProblem)) throw error;
    throw new Failure({
      what: `The pull secret ${name} cannot be written in namespace ${namespace}.`,
      why: oneLine(error.message, 300),
      remedy: 'Let the user of the cluster get, create and patch Secrets there.',
      cause: error,
    });
  }
}

/** The docker configuration with this login, as text. */
export function withLogin(
  present: string | undefined,
  { registry, username, password }: RegistryUser,
): string {
  const auth = toBase64(`${username}:${password}`);
  return JSON.stringify({
    auths: { ...authsOf(present), [registry]: { username, password, auth } },
  });
}

function authsOf(present = ''): object {
  try {
    const { auths } = JSON.parse(Buffer.from(present, 'base64').toString()) as { auths?: object };
    return auths ?? {};
  } catch {
    return {};
  }
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function ifMissing(error: unknown): undefined {
  if (error instanceof KubeProblem && error.code === 404) return undefined;
  throw error;
}
