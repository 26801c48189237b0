import type { Http } from '../http/request.ts';
import { fulcioSigner } from './fulcioSigner.ts';
import type { StatementSigner } from './StatementSigner.ts';
import { timestampWitness } from './timestampWitness.ts';

/** Fulcio wants this audience in the tokens that it is shown. */
const audience = 'sigstore';

export interface IdentityOptions {
  readonly http: Http;
  readonly fulcioUrl: string;
  readonly timestampUrl: string;
  /** Gives the job's OIDC token for an audience. */
  readonly identityToken: (audience: string) => Promise<string>;
}

/** Signs by the identity of the job, without a key, witnessed by a timestamp authority. */
export function identitySigner(options: IdentityOptions): StatementSigner {
  const { http, fulcioUrl, timestampUrl, identityToken } = options;
  return {
    signer: fulcioSigner({ http, url: fulcioUrl, identityToken: () => identityToken(audience) }),
    witnesses: [timestampWitness({ http, url: timestampUrl })],
  };
}
