import { type Cloud, cloudOfRegistry, clouds } from '../../azure/clouds.ts';
import { findIncomplete, type LoginProblem } from './findIncomplete.ts';
import type { AzureIdentity, GivenLogin, RegistryLogin } from './RegistryLogin.ts';

export interface LoginPlan {
  /** One a registry that is pushed to, the image's own first. */
  readonly logins: readonly RegistryLogin[];
  readonly problems: readonly LoginProblem[];
}

/**
 * Decides who logs in where: the Azure identity at Azure's registries (or, where none has such a
 * name, at the image's own), the user at the first registry that is left, the job's token at GitHub's.
 *
 * @param registries the hosts that are pushed to, the image's own first
 * @param githubRegistry GitHub's registry of this server, such as `ghcr.io`
 */
export function planLogin(
  given: GivenLogin,
  registries: readonly string[],
  githubRegistry: string,
): LoginPlan {
  const problems = findIncomplete(given);
  const hosts = [...new Set(registries)];
  if (problems.length > 0) return { logins: [], problems };
  const azure = given.clientId !== undefined || given.managedIdentity !== undefined;
  const named = hosts.filter((host) => cloudOfRegistry(host) !== undefined);
  const ofAzure = azure ? (named.length > 0 ? named : hosts.slice(0, 1)) : [];
  const ofUser =
    given.username === undefined ? undefined : hosts.find((host) => !ofAzure.includes(host));
  if (given.username !== undefined && ofUser === undefined && hosts.length > 0) {
    problems.push({
      what: `Inputs username and password: ${hosts.join(', ')} is logged in to by the Azure identity already.`,
      remedy: 'Leave `username` and `password` out; the Azure identity needs no secret.',
    });
  }
  const logins = hosts.map((registry): RegistryLogin => {
    if (ofAzure.includes(registry)) return azureLogin(registry, given);
    const { username = '', password = '', githubToken: token } = given;
    if (registry === ofUser) return { registry, by: 'password', username, password };
    if (registry === githubRegistry && token !== undefined)
      return { registry, by: 'github', token };
    return { registry, by: 'existing' };
  });
  return { logins, problems };
}

/** How the inputs' identity of Azure logs in to a registry. */
export function azureLogin(registry: string, given: GivenLogin): RegistryLogin {
  const cloud = given.cloud === undefined ? cloudOfRegistry(registry) : clouds[given.cloud];
  return { registry, ...azureIdentity(given, cloud ?? clouds.public) };
}

/** As whom the inputs have Azure spoken to; they name an application or a managed identity. */
export function azureIdentity(given: GivenLogin, cloud: Cloud): AzureIdentity {
  const { clientId = '', tenantId: tenant = '', clientSecret: secret, managedIdentity } = given;
  if (managedIdentity !== undefined) {
    const own = managedIdentity === 'system';
    return { cloud, by: 'managed', clientId: own ? undefined : managedIdentity };
  }
  return secret === undefined
    ? { cloud, by: 'oidc', tenant, clientId }
    : { cloud, by: 'secret', tenant, clientId, secret };
}
