import type { Effects } from '../../azure/Effects.ts';
import { Failure } from '../../failure/Failure.ts';
import { type Keychain, registryOf } from '../../oci/answerHelper.ts';
import {
  type Credential,
  dockerFolder,
  credentialFor as earlierLogin,
  readDockerConfig,
} from '../../oci/credentials.ts';
import type { Runner } from '../Runner.ts';
import { type CredentialSource, credentialsOf } from './credentialsOf.ts';
import { loginForReading } from './loginForReading.ts';
import type { Login } from './readLogin.ts';

export interface StepKeychain extends Keychain {
  /** Why a credential was last not to be had. */
  readonly lastRefusal: () => Failure | undefined;
}

/**
 * All credentials of a step: its own logins, else what earlier steps left, else Azure's identity
 * where it may open the registry as well.
 *
 * @param sources what gives the credentials of `login`, by registry
 * @param pushed registries without whose credential the step cannot do its work
 */
export function makeKeychain(
  login: Login,
  sources: ReadonlyMap<string, CredentialSource>,
  pushed: ReadonlySet<string>,
  runner: Runner,
  effects: Effects,
): StepKeychain {
  const { env, log } = runner;
  const forReading = new Map<string, CredentialSource>();
  let refusal: Failure | undefined;

  async function sourceFor(registry: string): Promise<CredentialSource> {
    const known = sources.get(registry) ?? forReading.get(registry);
    if (known !== undefined) return known;
    const earlier = await earlierLogin(registry, env);
    const reading = loginForReading(login, registry);
    if (earlier !== undefined || reading === undefined) return async () => earlier;
    const source = forReading.get(registry) ?? credentialsOf(reading, runner, effects);
    forReading.set(registry, source);
    return source;
  }

  async function credentialFor(registry: string): Promise<Credential | undefined> {
    try {
      return await (await sourceFor(registry))();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refusal = error;
      if (pushed.has(registry)) throw error;
      // It may let everybody read; if not, the build says what it missed, and this why.
      log.info(`There is no login to ${registry}: ${error.message}`);
      return undefined;
    }
  }

  async function registries(): Promise<string[]> {
    const { auths = {}, credHelpers = {} } = await readDockerConfig(dockerFolder(env));
    const earlier = [...Object.keys(auths), ...Object.keys(credHelpers)].map(registryOf);
    return [...new Set([...sources.keys(), ...earlier])];
  }

  return { credentialFor, registries, lastRefusal: () => refusal };
}
