import type { LoggedIn } from '../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';

/** Speaks to registries with the logins of this step; blobs of any size are never held in memory. */
export function registryClient(
  { credentialFor }: Pick<LoggedIn, 'credentialFor'>,
  { env, log, mask, signal }: Runner,
): RegistryClient {
  return new RegistryClient({
    http: httpClient({ env, log }),
    stream: httpStream({ env }),
    credentialFor,
    mask,
    signal,
  });
}
