/** One of Azure's clouds, as far as a login to its registries, and a build in them, needs to know it. */
export interface Cloud {
  readonly name: CloudName;
  /** Where Entra is, without a path. */
  readonly authority: string;
  /** What the hosts of its registries end with. */
  readonly registrySuffix: string;
  /**
   * What a token for registries is asked for, best first. Azure's own clients do not agree for the
   * national clouds: some name the registries, some only ARM, which every registry took before.
   */
  readonly registryResources: readonly string[];
  /** Where its resource manager is, without a path; also what a token for it is asked for. */
  readonly arm: string;
  /** What a federated credential of this cloud wants as audience. */
  readonly assertionAudience: string;
}

export const cloudNames = ['public', 'china', 'usgovernment'] as const;
export type CloudName = (typeof cloudNames)[number];

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  public: {
    name: 'public',
    authority: 'https://login.microsoftonline.com',
    registrySuffix: '.azurecr.io',
    // Never ARM's: a policy can refuse it at the registry, and it opens more than a registry.
    registryResources: ['https://containerregistry.azure.net'],
    arm: 'https://management.azure.com',
    assertionAudience: 'api://AzureADTokenExchange',
  },
  china: {
    name: 'china',
    authority: 'https://login.chinacloudapi.cn',
    registrySuffix: '.azurecr.cn',
    registryResources: [
      'https://containerregistry.azure.cn',
      'https://management.core.chinacloudapi.cn',
    ],
    arm: 'https://management.chinacloudapi.cn',
    assertionAudience: 'api://AzureADTokenExchangeChina',
  },
  usgovernment: {
    name: 'usgovernment',
    authority: 'https://login.microsoftonline.us',
    registrySuffix: '.azurecr.us',
    registryResources: [
      'https://containerregistry.azure.us',
      'https://management.core.usgovcloudapi.net',
    ],
    arm: 'https://management.usgovcloudapi.net',
    assertionAudience: 'api://AzureADTokenExchangeUSGov',
  },
};

/** The cloud whose registry this host is; `undefined` when it is not one of Azure's names. */
export function cloudOfRegistry(host: string): Cloud | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return Object.values(clouds).find(({ registrySuffix }) => name.endsWith(registrySuffix));
}

/**
 * The cloud with Entra elsewhere: `AZURE_AUTHORITY_HOST` of Azure's SDKs, with or without scheme.
 *
 * @throws {SyntaxError} when it would be spoken to without TLS, other than on this machine
 */
export function withAuthority(cloud: Cloud, host: string | undefined): Cloud {
  if (host === undefined || host.trim() === '') return cloud;
  const given = host.trim();
  const text = /^https?:\/\//.test(given) ? given : `https://${given}`;
  const url = URL.parse(text);
  const here = url !== null && /^(localhost|127\.\d+\.\d+\.\d+)$/.test(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !here)) {
    throw new SyntaxError('it is not an https address');
  }
  return { ...cloud, authority: url.origin };
}
