import type { Http } from '../http/request.ts';
import type { SigningPlan } from './planSigning.ts';
import type { StatementSigner } from './StatementSigner.ts';

export interface SignerEffects {
  readonly http: Http;
  /** Gives the job's OIDC token for an audience; absent where the job may not ask. */
  readonly identityToken: ((audience: string) => Promise<string>) | undefined;
}

/** Makes the signer that was planned; only the one that is needed is loaded. */
export async function signerOf(
  plan: Exclude<SigningPlan, { by: 'nobody' }>,
  { http, identityToken }: SignerEffects,
): Promise<StatementSigner> {
  if (plan.by === 'key') {
    const { keySigner } = await import('./keySigner.ts');
    return { signer: keySigner(plan.key) };
  }
  if (identityToken === undefined) throw new Error('A job without an identity cannot sign by it.');
  const { identitySigner } = await import('./identitySigner.ts');
  return identitySigner({ http, ...plan, identityToken });
}
