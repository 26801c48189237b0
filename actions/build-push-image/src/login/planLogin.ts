import {
  type Cloud,
  type CloudName,
  cloudOfRegistry,
  clouds,
} from '../../../../shared/azure/clouds.ts';

/** The inputs about logins, each read by itself. */
export interface GivenLogin {
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** A client id, or `system`. */
  readonly managedIdentity?: string | undefined;
  readonly cloud?: CloudName | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly githubToken?: string | undefined;
}

/** How one registry is logged in to. */
export type RegistryLogin = { readonly registry: string } & (
  | {
      readonly by: 'oidc';
      readonly cloud: Cloud;
      readonly tenant: string;
      readonly clientId: string;
    }
  | {
      readonly by: 'secret';
      readonly cloud: Cloud;
      readonly tenant: string;
      readonly clientId: string;
      readonly secret: string;
    }
  | {
      readonly by: 'managed';
      readonly cloud: Cloud;
      /** `undefined` for the machine's own identity. */
      readonly clientId: string | undefined;
    }
  | { readonly by: 'password'; readonly username: string; readonly password: string }
  /** The job's token, unless an earlier step logged in. */
  | { readonly by: 'github'; readonly token: string }
  /** What an earlier `docker login` left, if anything. */
  | { readonly by: 'existing' }
);

export interface LoginPlan {
  /** One a registry that is pushed to, the image's own first. */
  readonly logins: readonly RegistryLogin[];
  readonly problems: readonly { readonly what: string; readonly remedy: string }[];
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
  const problems = problemsOf(given);
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

function azureLogin(registry: string, given: GivenLogin): RegistryLogin {
  const cloud = given.cloud === undefined ? cloudOfRegistry(registry) : clouds[given.cloud];
  const common = { registry, cloud: cloud ?? clouds.public };
  const { clientId = '', tenantId: tenant = '', clientSecret: secret, managedIdentity } = given;
  if (managedIdentity !== undefined) {
    const own = managedIdentity === 'system';
    return { ...common, by: 'managed', clientId: own ? undefined : managedIdentity };
  }
  return secret === undefined
    ? { ...common, by: 'oidc', tenant, clientId }
    : { ...common, by: 'secret', tenant, clientId, secret };
}

/** What is given in part, or twice. */
function problemsOf(given: GivenLogin): { what: string; remedy: string }[] {
  const { clientId, tenantId, clientSecret, managedIdentity, username, password } = given;
  const problems: { what: string; remedy: string }[] = [];
  const claim = (wrong: boolean, what: string, remedy: string) => {
    if (wrong) problems.push({ what, remedy });
  };
  claim(
    clientId !== undefined && tenantId === undefined,
    'Input azure-client-id is given without azure-tenant-id.',
    "Add `azure-tenant-id:`, the id of the application's directory.",
  );
  claim(
    clientId === undefined && (tenantId ?? clientSecret) !== undefined,
    `Input ${tenantId === undefined ? 'azure-client-secret' : 'azure-tenant-id'} is given without azure-client-id.`,
    'Add `azure-client-id:`, the application id.',
  );
  claim(
    clientId !== undefined && managedIdentity !== undefined,
    'Inputs azure-client-id and azure-managed-identity are both given.',
    'Leave one of them out: `azure-client-id` logs in by OIDC, `azure-managed-identity` as this machine.',
  );
  claim(
    (username === undefined) !== (password === undefined),
    `Input ${username === undefined ? 'password' : 'username'} is given without ${username === undefined ? 'username' : 'password'}.`,
    'Give both, or none.',
  );
  return problems;
}

/**
 * The login to a registry that is only read from, such as that of a base image: Azure's identity opens
 * all registries of its cloud in which it has a role.
 */
export function loginForReading(
  logins: readonly RegistryLogin[],
  registry: string,
): RegistryLogin | undefined {
  const cloud = cloudOfRegistry(registry);
  const found = logins.find((one) => 'cloud' in one && one.cloud.name === cloud?.name);
  return found && { ...found, registry };
}
