import type { Signer, Witness } from '@sigstore/sign';

/** Who signs statements, and who witnesses when. */
export interface StatementSigner {
  readonly signer: Signer;
  readonly witnesses?: Witness[];
}
