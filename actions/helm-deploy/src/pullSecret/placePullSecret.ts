import { credentialsOf } from '../../../../shared/action/login/credentialsOf.ts';
import { ways } from '../../../../shared/action/login/explainProof.ts';
import { isAzure } from '../../../../shared/action/login/RegistryLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { readClaims } from '../../../../shared/azure/readClaims.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import { applyPullSecret } from '../../../../shared/kube/applyPullSecret.ts';
import type { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import { letPull } from '../../../../shared/kube/letPull.ts';
import type { PullSecret } from './PullSecret.ts';

/** Whom registries take an identity token from as a password. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

/**
 * Gives the cluster what it pulls with, right before the release is written: a secret with the login,
 * which the named service accounts have.
 *
 * @throws {Failure} when there is no login, or the cluster refuses
 */
export async function placePullSecret(
  { name, login, serviceAccounts }: PullSecret,
  api: KubeApi,
  namespace: string,
  runner: Pick<Runner, 'env' | 'log' | 'mask' | 'signal'>,
): Promise<void> {
  const { env, log, mask, signal } = runner;
  const { registry, by } = login;
  const effects = { http: httpClient({ env, log }), log, mask, signal };
  const credential = await credentialsOf(login, runner, effects)();
  if (credential === undefined) {
    throw new Failure({
      what: `Input pull-secret: no login to ${registry} is known.`,
      remedy:
        'Give `username` and `password`, an identity of Azure, or log in to it in an earlier step.',
    });
  }
  const user =
    'username' in credential
      ? credential
      : { username: tokenUser, password: credential.identityToken };
  mask(user.password);
  await applyPullSecret(api, namespace, name, { registry, ...user });
  await Promise.all(
    serviceAccounts.map((account) => letPull(api, namespace, account, name, signal)),
  );
  log.info(
    `The cluster pulls from ${registry} ${ways[by]}: secret ${name}, for ${serviceAccounts.join(', ')}.`,
  );
  warnOfItsEnd(user.password, name, registry, isAzure(login), runner);
}

/** Who pulls after its end, as a pod on a new node does, is refused. */
function warnOfItsEnd(
  password: string,
  name: string,
  registry: string,
  azure: boolean,
  { log }: Pick<Runner, 'log'>,
): void {
  const { exp } = readClaims(password);
  if (exp === undefined) return;
  const end = `${new Date(exp * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  log.warning(
    `The pull secret ${name} is good until ${end}: a pod that starts later on a node without the image cannot pull it. ${azure ? `Give AcrPull on ${registry} to the cluster's kubelet identity (\`az aks update --attach-acr\`), which needs no secret` : 'Give a login that lasts'}, or deploy often enough.`,
  );
}
