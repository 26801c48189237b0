import { Failure } from '../failure/Failure.ts';

/**
 * Entra knows the identity, the registry does not let it do what is needed. Which role is missing
 * depends on how the registry reads its role assignments, which only its owner sees.
 *
 * @param who the identity as messages name it
 * @param repository what it may not push to; `undefined` when it may do nothing at all
 * @param details what the registry said (untrusted text, already made plain)
 */
export function explainMissingRole(
  registry: string,
  who: string,
  repository: string | undefined,
  details?: string,
): Failure {
  return new Failure({
    what:
      repository === undefined
        ? `${registry} knows no role of ${who}.`
        : `${who} may not push to ${registry}/${repository}.`,
    why: `Entra accepted the identity, so a role assignment at the registry is missing${repository === undefined ? ', or the registry belongs to another tenant' : ''}.`,
    remedy:
      'Assign it the role `AcrPush`; on a registry with ABAC (roleAssignmentMode AbacRepositoryPermissions) AcrPush counts for nothing and it has to be `Container Registry Repository Writer`, with a condition that includes the repository. A new assignment can take ten minutes.',
    details,
  });
}
