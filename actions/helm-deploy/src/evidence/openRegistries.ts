import { logIn } from '../../../../shared/action/login/logIn.ts';
import { planLogin } from '../../../../shared/action/login/planLogin.ts';
import type { GivenLogin } from '../../../../shared/action/login/RegistryLogin.ts';
import { githubRegistry } from '../../../../shared/action/login/readLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type Http, httpClient } from '../../../../shared/http/request.ts';
import { httpStream } from '../../../../shared/http/stream.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';

/** Speaks to the registries of images, by the logins of the inputs and of earlier steps. */
export interface Registries extends AsyncDisposable {
  readonly client: RegistryClient;
  readonly http: Http;
}

/** A registry that has not answered by then will not; it is asked again within the patience. */
const answerMs = 20_000;

/**
 * @param pullRegistry the registry that `username` and `password` are for, where one is named; else it is
 *   that of the first image
 */
export async function openRegistries(
  given: GivenLogin,
  images: readonly string[],
  runner: Runner,
  pullRegistry?: string,
): Promise<Registries> {
  const { env, log, mask, signal } = runner;
  const hosts = [...(pullRegistry === undefined ? [] : [pullRegistry]), ...images.flatMap(hostOf)];
  const { logins } = planLogin(given, hosts, githubRegistry(env));
  const login = await logIn(logins, runner, { pushes: [] });
  const http = httpClient({ env, log });
  return {
    http,
    client: new RegistryClient({
      http: (request) => http({ deadlineMs: answerMs, ...request }),
      stream: httpStream({ env }),
      ...{ credentialFor: login.credentialFor, mask, signal },
    }),
    [Symbol.asyncDispose]: () => login[Symbol.asyncDispose](),
  };
}

/** What is no image has no registry; that is told where images are judged. */
function hostOf(image: string): string[] {
  try {
    return [parseReference(image).registry];
  } catch {
    return [];
  }
}
