import type { GivenLogin } from './RegistryLogin.ts';

export interface LoginProblem {
  readonly what: string;
  readonly remedy: string;
}

/** What is given in part, or twice: each as what is wrong and what to write. */
export function findIncomplete(given: GivenLogin): LoginProblem[] {
  const { clientId, tenantId, clientSecret, managedIdentity, username, password } = given;
  const problems: LoginProblem[] = [];
  const claim = (wrong: boolean, what: string, remedy: string) => {
    if (wrong) problems.push({ what, remedy });
  };
  claim(
    clientId !== undefined && tenantId === undefined,
    'Input azure-client-id is given without azure-tenant-id.',
    "Add `azure-tenant-id:`, the id of the application's directory.",
  );
  claim(
    clientId === undefined && (tenantId ?? clientSecret) !== undefined,
    `Input ${tenantId === undefined ? 'azure-client-secret' : 'azure-tenant-id'} is given without azure-client-id.`,
    'Add `azure-client-id:`, the application id.',
  );
  claim(
    clientId !== undefined && managedIdentity !== undefined,
    'Inputs azure-client-id and azure-managed-identity are both given.',
    'Leave one of them out: `azure-client-id` logs in by OIDC, `azure-managed-identity` as this machine.',
  );
  claim(
    (username === undefined) !== (password === undefined),
    `Input ${username === undefined ? 'password' : 'username'} is given without ${username === undefined ? 'username' : 'password'}.`,
    'Give both, or none.',
  );
  return problems;
}
