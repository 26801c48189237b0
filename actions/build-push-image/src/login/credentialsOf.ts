import type { Runner } from '../../../../shared/action/Runner.ts';
import { requestIdToken } from '../../../../shared/action/requestIdToken.ts';
import { withAuthority } from '../../../../shared/azure/clouds.ts';
import type { Effects } from '../../../../shared/azure/Effects.ts';
import { type Identity, issueForRegistry } from '../../../../shared/azure/issueForRegistry.ts';
import { metadataService } from '../../../../shared/azure/requestManagedIdentityToken.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import { type Credential, credentialFor } from '../../../../shared/oci/credentials.ts';
import { renewing } from '../../../../shared/oci/renewing.ts';
import type { RegistryLogin } from './planLogin.ts';

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

type AzureLogin = Extract<RegistryLogin, { by: 'oidc' | 'secret' | 'managed' }>;

/** Also used for messages: who it is that logs in. */
export function identityOf(login: AzureLogin, env: Runner['env'], effects: Effects): Identity {
  switch (login.by) {
    case 'oidc': {
      const { tenant, clientId } = login;
      const idToken = (audience: string) => requestIdToken(env, audience, effects);
      return { kind: 'federated', tenant, clientId, idToken };
    }
    case 'secret': {
      const { tenant, clientId, secret } = login;
      return { kind: 'secret', tenant, clientId, secret };
    }
    case 'managed':
      return {
        kind: 'managed',
        clientId: login.clientId,
        endpoint: env.AZURE_POD_IDENTITY_AUTHORITY_HOST || metadataService,
        http: httpClient({ env: {}, log: effects.log }),
      };
  }
}

function authorityFrom(env: Runner['env'], cloud: AzureLogin['cloud']): AzureLogin['cloud'] {
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
