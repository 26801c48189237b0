import { randomUUID } from 'node:crypto';
import {
  compactVerify,
  createRemoteJWKSet,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { EntraError } from './EntraError.ts';
import {
  type Answer,
  type Asked,
  type Double,
  type Served,
  type ServeOptions,
  serveDouble,
} from './serve.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Whom a federated credential trusts; all three are compared case by case, letter by letter. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export interface EntraApp {
  readonly clientId: string;
  /** Object id of its service principal; made up when absent. */
  readonly objectId?: string;
  readonly federatedCredentials?: readonly FederatedCredential[];
  readonly secrets?: readonly { readonly value: string; readonly expired?: boolean }[];
}

export interface EntraOptions extends ServeOptions {
  readonly tenants: readonly { readonly id: string; readonly apps: readonly EntraApp[] }[];
  /** Resources that tokens may be asked for; any other is not in the tenant. */
  readonly resources?: readonly string[];
  /** How long access tokens live, in seconds; Entra gives about an hour. */
  readonly lifetime?: number;
  /** Seconds since 1970; tests move it. */
  readonly now?: () => number;
}

/** The double on a server of its own. */
export type Entra = EntraDouble & Served;

export interface EntraDouble extends Double {
  /** Claims of all access tokens that were given out, in order. */
  readonly issued: readonly JWTPayload[];
}

/** Application ids of what this project speaks to. */
const knownResources = [
  'https://management.azure.com',
  'https://management.core.windows.net/',
  'https://containerregistry.azure.net',
  'https://graph.microsoft.com',
  '6dae42f8-4368-4678-94ff-3960e28e3630', // AKS
  '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d', // Databricks
];

/**
 * Entra's token endpoint for the client-credentials grant, with a federated token, or a secret, and
 * what clients read before they ask: discovery of the instance, of the tenant, and the keys. As
 * strict as Entra, and with its errors.
 */
export function startEntra(options: EntraOptions): Promise<Entra> {
  return serveDouble(makeEntra, options);
}

/** The same without a server of its own, at `url`, which clients take as the authority's host. */
export async function makeEntra(options: EntraOptions, url: string): Promise<EntraDouble> {
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const lifetime = options.lifetime ?? 3599;
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomUUID();
  const key: JWK = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
  const issued: JWTPayload[] = [];

  async function token(asked: Asked, tenantId: string): Promise<Answer> {
    const tenant = options.tenants.find(({ id }) => id === tenantId);
    if (tenant === undefined) throw EntraError.unknownTenant(tenantId);
    const form = formOf(asked);
    const need = (name: string) => {
      const value = form.get(name);
      if (value === null || value === '') throw EntraError.missing(name);
      return value;
    };
    const grant = need('grant_type');
    if (grant !== 'client_credentials') throw EntraError.unsupportedGrant(grant);
    const clientId = need('client_id');
    const resource = resourceOf(need('scope'));
    const app = tenant.apps.find((some) => some.clientId === clientId);
    if (app === undefined) throw EntraError.unknownApp(clientId, tenantId);
    await authenticate(form, app, now());
    if (!(options.resources ?? knownResources).includes(resource)) {
      throw EntraError.unknownResource(resource, tenantId);
    }
    const at = now();
    const objectId = app.objectId ?? randomUUID();
    const claims: JWTPayload = {
      aud: resource,
      iss: `${url}/${tenantId}/`,
      iat: at,
      nbf: at,
      exp: at + lifetime,
      appid: clientId,
      appidacr: form.has('client_secret') ? '1' : '2',
      idtyp: 'app',
      oid: objectId,
      sub: objectId,
      tid: tenantId,
      uti: randomUUID(),
      ver: '1.0',
    };
    issued.push(claims);
    const access_token = await new SignJWT(claims)
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid })
      .sign(privateKey);
    return {
      status: 200,
      headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
      body: {
        token_type: 'Bearer',
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token,
      },
    };
  }

  async function handle(asked: Asked): Promise<Answer> {
    const [, tenantId = '', ...rest] = asked.path.split('/');
    const path = rest.join('/');
    try {
      if (asked.method === 'POST' && path === 'oauth2/v2.0/token') {
        return await token(asked, tenantId);
      }
      if (asked.method !== 'GET') return { status: 404 };
      if (`${tenantId}/${path}` === 'common/discovery/instance') {
        return { status: 200, body: instance(url) };
      }
      if (path === 'discovery/v2.0/keys' || path === 'discovery/keys') {
        return { status: 200, body: { keys: [key] } };
      }
      if (path === 'v2.0/.well-known/openid-configuration') {
        if (!options.tenants.some(({ id }) => id === tenantId)) {
          throw EntraError.unknownTenant(tenantId, 'invalid_tenant');
        }
        return { status: 200, body: discovery(url, tenantId) };
      }
      return { status: 404 };
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      const correlation = asked.headers['client-request-id'];
      return error.answer(typeof correlation === 'string' ? correlation : randomUUID());
    }
  }
  return { handle, issued };
}

function formOf(asked: Asked): URLSearchParams {
  const type = asked.headers['content-type']?.split(';')[0]?.trim();
  // Entra does not see parameters of another encoding at all.
  return new URLSearchParams(
    type === 'application/x-www-form-urlencoded' ? asked.body.toString() : '',
  );
}

/** `https://management.azure.com/.default` → `https://management.azure.com`. */
function resourceOf(scope: string): string {
  const [first = '', ...more] = scope.split(' ').filter((part) => part !== '');
  if (more.length > 0 || !first.endsWith('/.default')) throw EntraError.invalidScope(scope);
  return first.slice(0, -'/.default'.length);
}

async function authenticate(form: URLSearchParams, app: EntraApp, at: number): Promise<void> {
  const assertion = form.get('client_assertion');
  const secret = form.get('client_secret');
  if (assertion !== null && assertion !== '') {
    if (form.get('client_assertion_type') !== assertionType) {
      throw EntraError.missing('client_assertion_type');
    }
    await checkAssertion(assertion, app, at);
  } else if (secret !== null && secret !== '') {
    const found = app.secrets?.find(({ value }) => value === secret);
    if (found === undefined) throw EntraError.invalidSecret(app.clientId);
    if (found.expired) throw EntraError.expiredSecret(app.clientId);
  } else throw EntraError.noCredential();
}

/** In Entra's order: form, issuer, subject, audience, signature, time. */
async function checkAssertion(assertion: string, app: EntraApp, at: number): Promise<void> {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(assertion);
  } catch {
    throw EntraError.malformedAssertion();
  }
  const { iss = '', sub = '', aud = '' } = claims;
  const trusted = app.federatedCredentials ?? [];
  if (trusted.length === 0) throw EntraError.noFederation(app.clientId);
  const ofIssuer = trusted.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw EntraError.noMatch(700211, 'issuer', iss);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw EntraError.noMatch(700213, 'subject', sub);
  if (!ofSubject.some(({ audience }) => audience === aud)) {
    throw EntraError.noMatch(700212, 'audience', String(aud));
  }
  try {
    await compactVerify(assertion, await keysOf(iss), { algorithms: ['RS256'] });
  } catch {
    throw EntraError.badSignature();
  }
  const { nbf = 0, exp = 0 } = claims;
  if (at < nbf || at >= exp) throw EntraError.expiredAssertion(at, nbf, exp);
}

async function keysOf(issuer: string) {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri: uri } = (await response.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(uri));
}

function instance(url: string): Record<string, unknown> {
  const { host } = new URL(url);
  return {
    tenant_discovery_endpoint: `${url}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

function discovery(url: string, tenantId: string): Record<string, unknown> {
  const base = `${url}/${tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
  };
}
