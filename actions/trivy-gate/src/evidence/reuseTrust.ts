import { publicKeyOf } from '../../../../shared/evidence/keySigner.ts';
import { ownTriggers } from '../../../../shared/evidence/signedByIdentity.ts';
import type { Trust } from '../../../../shared/evidence/verifyStatement.ts';
import type { EvidenceInputs } from './readEvidenceInputs.ts';

export interface JobFacts {
  /** `https://github.com/acme/web`. */
  readonly repositoryUrl: string;
  readonly defaultBranch: string;
  /** Of the job's tokens. */
  readonly issuer: string;
}

/**
 * Whose verdicts stand in for one of ours: who has our key, and jobs of the default branch. Those of
 * other branches are no better than what somebody pushed there.
 */
export function reuseTrust(
  { key, trustedRoot }: Pick<EvidenceInputs, 'key' | 'trustedRoot'>,
  { repositoryUrl, defaultBranch, issuer }: JobFacts,
): Trust {
  return {
    keys: key === undefined ? [] : [publicKeyOf(key)],
    identity:
      trustedRoot === undefined
        ? undefined
        : {
            ...{ trustedRoot, issuer, repositoryUrl },
            ref: `refs/heads/${defaultBranch}`,
            triggers: ownTriggers,
          },
  };
}
