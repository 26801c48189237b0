import type { Runner } from '../../../shared/action/Runner.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { credentialFor } from '../../../shared/oci/credentials.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';

/** A registry that has not given a manifest by then, retries included, will not. */
const deadlineMs = 20_000;

/** Asks registries with the logins that earlier steps left in the docker configuration. */
export function registryClient({ env, log, mask, signal }: Runner): RegistryClient {
  const http = httpClient({ env, log });
  return new RegistryClient({
    http: (request) => http({ deadlineMs, ...request }),
    stream: httpStream({ env }),
    credentialFor: (registry) => credentialFor(registry, env),
    mask,
    signal,
  });
}
