/** What replaces a password for a registry of Azure's. */
export const oidcLines = [
  'permissions:',
  '  id-token: write',
  '  contents: read',
  '…',
  'with:',
  '  azure-client-id: 00000000-0000-0000-0000-000000000000',
  '  azure-tenant-id: 00000000-0000-0000-0000-000000000000',
].join('\n');

/** Said where a password is used that nobody would need to keep. */
export function oidcNotice(registry: string): string {
  return `${registry} is logged in to by a password. With OIDC there is none to keep, to leak or to renew: give an application (or a user-assigned identity) a federated credential for this repository and the role AcrPush, and write\n${oidcLines}`;
}
