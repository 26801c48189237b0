import type { Cloud, CloudName } from '../../azure/clouds.ts';

/** The inputs about logins, each read by itself. */
export interface GivenLogin {
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** A client id, or `system`. */
  readonly managedIdentity?: string | undefined;
  readonly cloud?: CloudName | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly githubToken?: string | undefined;
}

/** As whom Azure is spoken to. */
export type AzureIdentity =
  | {
      readonly by: 'oidc';
      readonly cloud: Cloud;
      readonly tenant: string;
      readonly clientId: string;
    }
  | {
      readonly by: 'secret';
      readonly cloud: Cloud;
      readonly tenant: string;
      readonly clientId: string;
      readonly secret: string;
    }
  | {
      readonly by: 'managed';
      readonly cloud: Cloud;
      /** `undefined` for the machine's own identity. */
      readonly clientId: string | undefined;
    };

/** How one registry is logged in to. */
export type RegistryLogin = { readonly registry: string } & (
  | AzureIdentity
  | { readonly by: 'password'; readonly username: string; readonly password: string }
  /** The job's token, unless an earlier step logged in. */
  | { readonly by: 'github'; readonly token: string }
  /** What an earlier `docker login` left, if anything. */
  | { readonly by: 'existing' }
);

/** By an identity of Azure. */
export type AzureLogin = { readonly registry: string } & AzureIdentity;

export function isAzure(login: RegistryLogin): login is AzureLogin {
  return login.by === 'oidc' || login.by === 'secret' || login.by === 'managed';
}
