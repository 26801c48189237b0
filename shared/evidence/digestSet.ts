/** `sha256:ab…` as in-toto writes it: `{"sha256": "ab…"}` (in-toto/attestation, spec/v1/digest_set.md). */
export function digestSet(digest: string): Record<string, string> {
  const colon = digest.indexOf(':');
  return { [digest.slice(0, colon)]: digest.slice(colon + 1) };
}
