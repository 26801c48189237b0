import { cloudOfRegistry } from '../../azure/clouds.ts';
import type { Effects } from '../../azure/Effects.ts';
import type { Failure } from '../../failure/Failure.ts';
import { type Http, httpClient } from '../../http/request.ts';
import type { Credential } from '../../oci/credentials.ts';
import { type OwnDockerConfig, ownDockerConfig } from '../../oci/ownDockerConfig.ts';
import type { Reference } from '../../oci/Reference.ts';
import type { Runner } from '../Runner.ts';
import { checkLogin } from './checkLogin.ts';
import { type CredentialSource, credentialsOf } from './credentialsOf.ts';
import { makeKeychain } from './makeKeychain.ts';
import { oidcNotice } from './oidcNotice.ts';
import type { Login } from './readLogin.ts';

/** The logins of this step, for as long as it runs. */
export interface LoggedIn extends AsyncDisposable {
  /** What docker and buildx are given besides their other variables. */
  readonly env: OwnDockerConfig['env'];
  /** For a RegistryClient. */
  readonly credentialFor: (registry: string) => Promise<Credential | undefined>;
  /** Why a credential was last not to be had: the cause of a build that failed after that. */
  readonly lastRefusal: () => Failure | undefined;
}

export interface LogInOptions {
  /** What will be pushed: the right to do it is asked for at once. Nothing, when nothing is. */
  readonly pushes: readonly Reference[];
  readonly http?: Http;
}

/**
 * Logs in to every registry that is pushed to, and gives docker a configuration of the step's own
 * that asks us for credentials. What is refused fails here, before anything is built; when nothing is
 * pushed (a pull request from a fork has no identity), a refusal is only told when it is met.
 *
 * @throws {Failure} that tells the refusals apart
 */
export async function logIn(
  login: Login,
  runner: Runner,
  { pushes, http }: LogInOptions,
): Promise<LoggedIn> {
  const { env, log, mask, signal, tempDir } = runner;
  const effects: Effects = { http: http ?? httpClient({ env, log }), log, mask, signal };
  const sources = new Map<string, CredentialSource>();
  for (const one of login) sources.set(one.registry, credentialsOf(one, runner, effects));

  if (pushes.length > 0) {
    await Promise.all(
      login.map((one) => {
        const source = sources.get(one.registry) as CredentialSource;
        return checkLogin(one, source, pushes, { ...effects, env });
      }),
    );
  }
  for (const { by, registry } of login) {
    if (by === 'password' && cloudOfRegistry(registry)) log.notice(oidcNotice(registry));
  }

  const pushed = new Set(pushes.map(({ registry }) => registry));
  const keychain = makeKeychain(login, sources, pushed, runner, effects);
  const config = await ownDockerConfig(tempDir, env, keychain);
  return {
    env: config.env,
    credentialFor: keychain.credentialFor,
    lastRefusal: keychain.lastRefusal,
    [Symbol.asyncDispose]: () => config[Symbol.asyncDispose](),
  };
}
