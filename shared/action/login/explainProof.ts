import { cloudOfRegistry } from '../../azure/clouds.ts';
import type { Effects } from '../../azure/Effects.ts';
import { explainMissingRole } from '../../azure/explainMissingRole.ts';
import { nameOf } from '../../azure/issueForRegistry.ts';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import type { LoginProof } from '../../oci/proveLogin.ts';
import type { Runner } from '../Runner.ts';
import { identityOf } from './identityOf.ts';
import { oidcLines } from './oidcNotice.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

/** How it was logged in, for a sentence. */
export const ways: Readonly<Record<RegistryLogin['by'], string>> = {
  oidc: "by the job's own identity (OIDC)",
  secret: 'by the client secret',
  managed: "by this machine's managed identity",
  password: 'by user name and password',
  github: "by the job's GitHub token",
  existing: 'as an earlier step did',
};

/** Nobody logged in to a registry that does not take a push from everybody. */
export function noLogin(registry: string): Failure {
  const azure = 'Give `azure-client-id` and `azure-tenant-id`';
  return new Failure({
    what: `No login to ${registry} is known, and it takes no push without one.`,
    remedy:
      cloudOfRegistry(registry) !== undefined
        ? `${azure}; the details show all lines.`
        : `Give \`username\` and \`password\`, or log in to it in an earlier step. ${azure} where it is a registry of Azure's under a name of its own; the details show all lines.`,
    details: oidcLines,
  });
}

/** What a registry's word on a login means; `undefined` when nothing is against a push. */
export function explainProof(
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
