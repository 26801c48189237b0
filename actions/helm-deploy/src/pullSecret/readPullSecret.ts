import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { findIncomplete } from '../../../../shared/action/login/findIncomplete.ts';
import { azureLogin } from '../../../../shared/action/login/planLogin.ts';
import type { GivenLogin, RegistryLogin } from '../../../../shared/action/login/RegistryLogin.ts';
import { lines, text, verbatim } from '../../../../shared/action/parsers.ts';
import type { PullSecret } from './PullSecret.ts';

/**
 * Reads the inputs about the secret by which the cluster pulls. What is wrong with them is told to the
 * reader.
 *
 * @param azure the inputs about Azure, as they were read
 */
export async function readPullSecret(
  reader: InputReader,
  azure: GivenLogin,
): Promise<PullSecret | undefined> {
  const name = await reader.optional('pull-secret', objectName('a secret'));
  const registry = await reader.optional('pull-registry', host);
  const accounts = await reader.optional(
    'pull-service-accounts',
    lines(objectName('a service account')),
  );
  const username = await reader.optional('username', text);
  const password = await reader.secret('password', verbatim);
  for (const { what, remedy } of findIncomplete({ ...azure, username, password })) {
    reader.conflict(what, remedy);
  }
  if (reader.has('pull-secret') !== reader.has('pull-registry')) {
    const [given, missing] = reader.has('pull-secret')
      ? ['pull-secret', 'pull-registry']
      : ['pull-registry', 'pull-secret'];
    reader.conflict(
      `Input ${given} is given without ${missing}.`,
      'Give both: the name of the secret, and the registry that it is for.',
    );
  }
  if (name === undefined || registry === undefined) return undefined;
  const login = loginTo(registry, azure, username, password);
  return { name, login, serviceAccounts: accounts ?? ['default'] };
}

function loginTo(
  registry: string,
  azure: GivenLogin,
  username: string | undefined,
  password: string | undefined,
): RegistryLogin {
  if (username !== undefined && password !== undefined) {
    return { registry, by: 'password', username, password };
  }
  const hasIdentity = (azure.clientId ?? azure.managedIdentity) !== undefined;
  return hasIdentity ? azureLogin(registry, azure) : { registry, by: 'existing' };
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
