import { publicSigstore } from './publicSigstore.ts';

/** What is wished of signatures, and who there is to sign. */
export interface SigningInputs {
  /** `auto`: where there is somebody to sign. */
  readonly attest: 'true' | 'false' | 'auto';
  /** Secret, PEM. */
  readonly key: string | undefined;
  readonly fulcioUrl: string | undefined;
  readonly timestampUrl: string | undefined;
}

/** Who signs; nobody, and why: the end of the sentence "No evidence is attached: …". */
export type SigningPlan =
  | { readonly by: 'key'; readonly key: string }
  | { readonly by: 'identity'; readonly fulcioUrl: string; readonly timestampUrl: string }
  | { readonly by: 'nobody'; readonly why: string; readonly remedy: string };

/**
 * Decides who signs. Nobody's statement is evidence, so there is no way without a signer.
 *
 * @param hasIdentity whether the job may ask for OIDC tokens
 */
export function planSigning(
  { attest, key, fulcioUrl, timestampUrl }: SigningInputs,
  hasIdentity: boolean,
): SigningPlan {
  if (key !== undefined) return { by: 'key', key };
  if (!hasIdentity) {
    return {
      by: 'nobody',
      why: 'there is no `signing-key`, and the job has no identity of its own',
      remedy: 'Give `signing-key`, or the job the permission `id-token: write`.',
    };
  }
  // Many jobs may ask for tokens because they log in to a cloud. That is no wish to have the names of
  // their repository and workflow in a public log for ever.
  if (attest === 'auto' && fulcioUrl === undefined) {
    return {
      by: 'nobody',
      why: 'there is no `signing-key`, and no authority was named for the identity of the job',
      remedy:
        'Give `signing-key` or `fulcio-url`; with `attest: true` the public authority of Sigstore signs, which publishes the names of repository and workflow.',
    };
  }
  return {
    by: 'identity',
    fulcioUrl: fulcioUrl ?? publicSigstore.fulcio,
    timestampUrl: timestampUrl ?? publicSigstore.timestamps,
  };
}
