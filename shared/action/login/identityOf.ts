import { readFile } from 'node:fs/promises';
import type { Effects } from '../../azure/Effects.ts';
import type { Identity } from '../../azure/issueForRegistry.ts';
import { metadataService } from '../../azure/requestManagedIdentityToken.ts';
import { httpClient } from '../../http/request.ts';
import type { Runner } from '../Runner.ts';
import { requestIdToken } from '../requestIdToken.ts';
import type { AzureIdentity } from './RegistryLogin.ts';

/** Who it is that logs in. */
export function identityOf(login: AzureIdentity, env: Runner['env'], effects: Effects): Identity {
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
      return ofPod(login, env, effects) ?? ofMachine(login, env, effects);
  }
}

type ManagedLogin = Extract<AzureIdentity, { by: 'managed' }>;

/**
 * The identity of a runner's pod on AKS (workload identity): Kubernetes writes a token for it into a
 * file, and renews it there.
 */
function ofPod(
  { clientId = '' }: ManagedLogin,
  env: Runner['env'],
  { mask }: Effects,
): Identity | undefined {
  const {
    AZURE_FEDERATED_TOKEN_FILE: file,
    AZURE_TENANT_ID: tenant,
    AZURE_CLIENT_ID: own = '',
  } = env;
  if (!file || !tenant || clientId + own === '') return undefined;
  async function idToken(): Promise<string> {
    const token = (await readFile(file as string, 'utf8')).trim();
    mask(token);
    return token;
  }
  return { kind: 'federated', tenant, clientId: clientId || own, idToken };
}

function ofMachine({ clientId }: ManagedLogin, env: Runner['env'], { log }: Effects): Identity {
  return {
    kind: 'managed',
    clientId,
    endpoint: env.AZURE_POD_IDENTITY_AUTHORITY_HOST || metadataService,
    // No proxy reaches what is the machine's own.
    http: httpClient({ env: {}, log }),
  };
}
