import type { PinnedReference } from '../oci/Reference.ts';
import type { Statement } from './Statement.ts';

/** Ours: what it says is documented in the README of helm-deploy. */
export const deploymentPredicate =
  'https://github.com/data-platform/platform-actions/predicates/deployment/v1';

/** Where and how a digest was deployed, as whoever finds the digest in a registry may want to know. */
export function deploymentStatement(subject: PinnedReference, facts: object): Statement {
  return {
    subject: { name: `${subject.registry}/${subject.repository}`, digest: subject.digest },
    predicateType: deploymentPredicate,
    predicate: { ...facts },
  };
}
