import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { azureLogin } from '../../../../shared/action/login/planLogin.ts';
import type { GivenLogin, RegistryLogin } from '../../../../shared/action/login/RegistryLogin.ts';
import { lines } from '../../../../shared/action/parsers.ts';
import type { PullSecret } from './PullSecret.ts';

/**
 * Reads the inputs about the secret by which the cluster pulls. What is wrong with them is told to the
 * reader.
 *
 * @param given the inputs about logins, as they were read
 */
export async function readPullSecret(
  reader: InputReader,
  given: GivenLogin,
): Promise<PullSecret | undefined> {
  const name = await reader.optional('pull-secret', objectName('a secret'));
  const registry = await reader.optional('pull-registry', host);
  const accounts = await reader.optional(
    'pull-service-accounts',
    lines(objectName('a service account')),
  );
  if (reader.has('pull-secret') !== reader.has('pull-registry')) {
    const [one, missing] = reader.has('pull-secret')
      ? ['pull-secret', 'pull-registry']
      : ['pull-registry', 'pull-secret'];
    reader.conflict(
      `Input ${one} is given without ${missing}.`,
      'Give both: the name of the secret, and the registry that it is for.',
    );
  }
  if (name === undefined || registry === undefined) return undefined;
  const login = loginTo(registry, given);
  return { name, login, serviceAccounts: accounts ?? ['default'] };
}

function loginTo(registry: string, given: GivenLogin): RegistryLogin {
  const { username, password, clientId, managedIdentity } = given;
  if (username !== undefined && password !== undefined) {
    return { registry, by: 'password', username, password };
  }
  const hasIdentity = (clientId ?? managedIdentity) !== undefined;
  return hasIdentity ? azureLogin(registry, given) : { registry, by: 'existing' };
}

/** A DNS subdomain, as Kubernetes wants most names (RFC 1123). */
function objectName(what: string): (given: string) => string {
  return (given) => {
    const word = given.trim();
    if (word.length <= 253 && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(word)) return word;
    throw new InputProblem(
      `is not the name of ${what}`,
      'Write lower-case letters, digits, hyphens and dots.',
    );
  };
}

const host: Parse<string> = (given) => {
  const word = given.trim().toLowerCase();
  if (/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?(:\d+)?$/.test(word)) return word;
  throw new InputProblem('is not the host of a registry', 'Write it as `acme.azurecr.io`.');
};
