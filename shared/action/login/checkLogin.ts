import { cloudOfRegistry } from '../../azure/clouds.ts';
import type { Effects } from '../../azure/Effects.ts';
import { proveLogin } from '../../oci/proveLogin.ts';
import type { Reference } from '../../oci/Reference.ts';
import type { Runner } from '../Runner.ts';
import type { CredentialSource } from './credentialsOf.ts';
import { explainProof, noLogin, ways } from './explainProof.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

/**
 * Logs in to one registry and asks for the right to push to each repository there.
 *
 * @throws {Failure} when either is refused
 */
export async function checkLogin(
  login: RegistryLogin,
  source: CredentialSource,
  pushes: readonly Reference[],
  { env, ...effects }: Effects & Pick<Runner, 'env'>,
): Promise<void> {
  const { registry, by } = login;
  const repositories = new Set(
    pushes.filter((one) => one.registry === registry).map(({ repository }) => repository),
  );
  const credential = await source();
  if (credential === undefined) {
    // Other registries may take a push from everybody; Azure's never do.
    if (cloudOfRegistry(registry) !== undefined) throw noLogin(registry);
    for (const repository of repositories) {
      const proof = await proveLogin(registry, repository, undefined, effects);
      const isRefused =
        proof.verdict === 'refused' || (proof.verdict === 'accepted' && proof.mayPush === false);
      if (isRefused) throw noLogin(registry);
    }
    return;
  }
  const verdicts = await Promise.all(
    [...repositories].map(async (repository) => {
      const proof = await proveLogin(registry, repository, credential, effects);
      const refusal = explainProof(proof, login, repository, env, effects);
      if (refusal !== undefined) throw refusal;
      return proof.verdict;
    }),
  );
  if (verdicts.includes('accepted')) effects.log.info(`Logged in to ${registry} ${ways[by]}.`);
}
