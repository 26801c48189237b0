import { identitySigner } from '../../../../../shared/evidence/identitySigner.ts';
import { keySigner, publicKeyOf } from '../../../../../shared/evidence/keySigner.ts';
import type { StatementSigner } from '../../../../../shared/evidence/StatementSigner.ts';
import { ownTriggers } from '../../../../../shared/evidence/signedByIdentity.ts';
import type { Trust } from '../../../../../shared/evidence/verifyStatement.ts';
import type { Http } from '../../../../../shared/http/request.ts';
import type { SigningInputs } from '../readCacheInputs.ts';

export interface SigningFacts {
  /** `https://github.com`, or a server of one's own. */
  readonly serverUrl: string;
  /** `acme/web`. */
  readonly repository: string;
  readonly defaultBranch: string;
  /** Of the job's tokens. */
  readonly issuer: string;
}

/** Whose caches are trusted, and who signs ours; nobody where there is no key. */
export interface Signing {
  readonly trust: Trust;
  readonly signer: StatementSigner | undefined;
}

/** @param identityToken gives the job's OIDC token for an audience */
export function openSigning(
  inputs: SigningInputs,
  facts: SigningFacts,
  http: Http,
  identityToken: (audience: string) => Promise<string>,
): Signing {
  if (inputs.by === 'key') {
    const { key, publicKeys } = inputs;
    return {
      trust: { keys: [...publicKeys, ...(key === undefined ? [] : [publicKeyOf(key)])] },
      signer: key === undefined ? undefined : { signer: keySigner(key) },
    };
  }
  return {
    trust: {
      keys: [],
      identity: {
        trustedRoot: inputs.trustedRoot,
        issuer: facts.issuer,
        repositoryUrl: `${facts.serverUrl}/${facts.repository}`,
        ref: `refs/heads/${facts.defaultBranch}`,
        triggers: ownTriggers,
      },
    },
    signer: identitySigner({ http, ...inputs, identityToken }),
  };
}
