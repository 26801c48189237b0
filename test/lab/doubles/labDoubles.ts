import { addresses } from '../addresses.ts';
import type { ArmRegistry } from './arm/ArmRegistry.ts';
import type { EntraOptions } from './entra.ts';
import type { GitHubOptions } from './github.ts';
import type { OidcOptions } from './oidc.ts';

/** Names that the lab's own doubles go by. Nothing outside of the lab knows them. */
export const labIdentity = {
  repository: 'acme/web',
  githubToken: 'ghs_lab',
  requestToken: 'lab-request-token',
  tenant: '11111111-1111-4111-8111-111111111111',
  client: '22222222-2222-4222-8222-222222222222',
  subscription: '44444444-4444-4444-8444-444444444444',
  resourceGroup: 'lab',
} as const;

/** What the doubles are at their start, and after `DELETE /_lab`. */
export const labOptions = {
  github: {
    repositories: [{ fullName: labIdentity.repository }],
    tokens: {
      [labIdentity.githubToken]: {
        actions: 'read',
        'artifact-metadata': 'write',
        contents: 'read',
        deployments: 'write',
        issues: 'write',
        'pull-requests': 'write',
        'security-events': 'write',
      },
    },
  } satisfies GitHubOptions,
  oidc: {
    requestToken: labIdentity.requestToken,
    job: { repository: labIdentity.repository },
  } satisfies OidcOptions,
  entra: {
    tenants: [
      {
        id: labIdentity.tenant,
        apps: [
          {
            clientId: labIdentity.client,
            federatedCredentials: [
              {
                issuer: `http://${addresses.oidc}`,
                subject: `repo:${labIdentity.repository}:ref:refs/heads/main`,
                audience: 'api://AzureADTokenExchange',
              },
            ],
          },
        ],
      },
    ],
  } satisfies EntraOptions,
  arm: {
    registries: [
      armRegistry('open', addresses.registry),
      armRegistry('acr', addresses.acr),
      { ...armRegistry('free', addresses.registry), tasks: false },
    ],
  },
} as const;

/** The registries that ARM knows: the lab's two, and one of a subscription that may have no tasks. */
function armRegistry(name: string, loginServer: string): ArmRegistry {
  const { subscription, resourceGroup } = labIdentity;
  return { subscription, resourceGroup, name, loginServer };
}

export type DoubleName = keyof typeof labOptions;

/** What a job gets from the runner, so that its steps speak to the lab's doubles. */
export function jobEnvironment() {
  return {
    GITHUB_API_URL: `http://${addresses.github}`,
    GITHUB_TOKEN: labIdentity.githubToken,
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://${addresses.oidc}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: labIdentity.requestToken,
    AZURE_AUTHORITY_HOST: `https://${addresses.entra}`,
  };
}
