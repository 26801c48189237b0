/**
 * The public services of Sigstore. Its authority logs each certificate where everybody reads it, with
 * the names of repository and workflow in it.
 */
export const publicSigstore = {
  fulcio: 'https://fulcio.sigstore.dev',
  timestamps: 'https://timestamp.sigstore.dev/api/v1/timestamp',
} as const;
