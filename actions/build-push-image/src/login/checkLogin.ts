import type { Runner } from '../../../../shared/action/Runner.ts';
import { cloudOfRegistry } from '../../../../shared/azure/clouds.ts';
import type { Effects } from '../../../../shared/azure/Effects.ts';
import { explainMissingRole } from '../../../../shared/azure/explainMissingRole.ts';
import { nameOf } from '../../../../shared/azure/issueForRegistry.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { type LoginProof, proveLogin } from '../../../../shared/oci/proveLogin.ts';
import type { Reference } from '../../../../shared/oci/Reference.ts';
import type { CredentialSource } from './credentialsOf.ts';
import { identityOf } from './identityOf.ts';
import { oidcLines } from './oidcNotice.ts';
import type { RegistryLogin } from './planLogin.ts';

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
    return;
  }
  const verdicts = await Promise.all(
    [...repositories].map(async (repository) => {
      const proof = await proveLogin(registry, repository, credential, effects);
      const refusal = explain(proof, login, repository, env, effects);
      if (refusal !== undefined) throw refusal;
      return proof.verdict;
    }),
  );
  if (verdicts.includes('accepted')) effects.log.info(`Logged in to ${registry} ${ways[by]}.`);
}

const ways: Readonly<Record<RegistryLogin['by'], string>> = {
  oidc: "by the job's own identity (OIDC)",
  secret: 'by the client secret',
  managed: "by this machine's managed identity",
  password: 'by user name and password',
  github: "by the job's GitHub token",
  existing: 'as an earlier step did',
};

function noLogin(registry: string): Failure {
  return new Failure({
    what: `No login to ${registry} is known, and it takes no push without one.`,
    remedy: 'Give `azure-client-id` and `azure-tenant-id`; the details show all lines.',
    details: oidcLines,
  });
}

function explain(
  proof: LoginProof,
  login: RegistryLogin,
  repository: string,
  env: Runner['env'],
  effects: Effects,
): Failure | undefined {
  const { registry } = login;
  if (proof.verdict === 'refused') return explainRefused(proof, login, repository);
  if (proof.verdict !== 'accepted' || proof.mayPush !== false) return undefined;
  if (login.by === 'oidc' || login.by === 'secret' || login.by === 'managed') {
    return explainMissingRole(registry, nameOf(identityOf(login, env, effects)), repository);
  }
  return new Failure({
    what: `${registry} takes the login, but does not let it push to ${repository}.`,
    remedy:
      'Give this user (or token) the right to push there, and check the name of the repository.',
  });
}

function explainRefused(
  { status, said }: LoginProof & { verdict: 'refused' },
  login: RegistryLogin,
  repository: string,
): Failure {
  const { registry } = login;
  const remedies: Readonly<Record<RegistryLogin['by'], string>> = {
    oidc: 'Run the job again.',
    secret: 'Run the job again.',
    managed: 'Run the job again.',
    password: 'Correct `username` and `password`; a password may have been changed or have ended.',
    github:
      'Add `permissions:` with `packages: write` to the job, and let the package be written by this repository (in the settings of the package).',
    existing:
      'The login of an earlier step is not valid any more: repeat it, or give `username` and `password`.',
  };
  return new Failure({
    what: `${registry} refuses the login for ${oneLine(repository)} (status ${status}).`,
    why: `It came ${ways[login.by]}.`,
    remedy: remedies[login.by],
    details: said,
  });
}
