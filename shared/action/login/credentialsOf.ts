import { type Cloud, withAuthority } from '../../azure/clouds.ts';
import type { Effects } from '../../azure/Effects.ts';
import { issueForRegistry } from '../../azure/issueForRegistry.ts';
import { Failure } from '../../failure/Failure.ts';
import { type Credential, credentialFor } from '../../oci/credentials.ts';
import { renewing } from '../../oci/renewing.ts';
import type { Runner } from '../Runner.ts';
import { identityOf } from './identityOf.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

/** What gives the credential of one registry, each time that it is needed. */
export type CredentialSource = () => Promise<Credential | undefined>;

/** Makes of a login what asks for its credential; nothing is asked yet. */
export function credentialsOf(
  login: RegistryLogin,
  { env, log }: Pick<Runner, 'env' | 'log'>,
  effects: Effects,
): CredentialSource {
  const { registry } = login;
  switch (login.by) {
    case 'existing':
      return () => credentialFor(registry, env);
    case 'password': {
      const { username, password } = login;
      return async () => ({ username, password });
    }
    case 'github': {
      // GitHub looks at the token alone; the name is for its own log.
      const own = { username: env.GITHUB_ACTOR || 'github-actions', password: login.token };
      return async () => (await credentialFor(registry, env)) ?? own;
    }
    default: {
      const identity = identityOf(login, env, effects);
      const cloud = authorityFrom(env, login.cloud);
      return renewing(() => issueForRegistry(registry, identity, cloud, effects), {
        registry,
        log,
      });
    }
  }
}

/** The login's cloud, as this runner reaches it. */
export function authorityFrom(env: Runner['env'], cloud: Cloud): Cloud {
  try {
    return withAuthority(cloud, env.AZURE_AUTHORITY_HOST);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure({
      what: `AZURE_AUTHORITY_HOST cannot be used: ${error.message}.`,
      remedy: "Remove it from this runner's environment, or write the https address of Entra.",
    });
  }
}
