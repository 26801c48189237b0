import { errors } from 'jose';
import type { Answer, Asked } from '../../doubles/serve.ts';
import { AcrError } from './AcrError.ts';
import type { AcrTokens, Principal } from './AcrTokens.ts';
import type { RoleAssignment, RoleAssignmentMode } from './permissions.ts';
import { type Access, grant, isKnown, parseScope } from './permissions.ts';
import type { VerifyEntraToken } from './verifyEntraToken.ts';

/** Whom ACR takes a refresh token from as a password. */
export const tokenUser = '00000000-0000-0000-0000-000000000000';

export interface TokenEndpoints {
  readonly service: string;
  readonly tenant: string;
  readonly tokens: AcrTokens;
  readonly verify: VerifyEntraToken;
  readonly mode: RoleAssignmentMode;
  readonly assignments: readonly RoleAssignment[];
}

/**
 * `/oauth2/exchange` and `/oauth2/token` (github.com/Azure/acr, docs/AAD-OAuth.md). A field that no
 * client of ACR's sends, or sends twice, is refused: it is a mistake of ours.
 *
 * @throws {AcrError}
 */
export async function tokenEndpoints(asked: Asked, registry: TokenEndpoints): Promise<Answer> {
  switch (`${asked.method} ${asked.path}`) {
    case 'POST /oauth2/exchange':
      return exchange(asked, registry);
    case 'POST /oauth2/token':
      return tokenByForm(asked, registry);
    case 'GET /oauth2/token':
      return tokenByQuery(asked, registry);
    default:
      // So does ACR, also for a wrong method: github.com/Azure/acr/issues/166.
      return { status: 404, body: '404 page not found\n' };
  }
}

async function exchange(asked: Asked, registry: TokenEndpoints): Promise<Answer> {
  const form = formOf(asked, ['grant_type', 'service', 'tenant', 'access_token']);
  expectValue(form, 'grant_type', 'access_token');
  expectValue(form, 'service', registry.service);
  const token = need(form, 'access_token');
  // The tenant may be left out: the token says it.
  if (form.has('tenant') && form.get('tenant') !== registry.tenant) throw AcrError.unauthorized();
  let principal: Principal;
  try {
    principal = await registry.verify(token);
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw AcrError.unauthorized();
  }
  if (!isKnown([principal.oid, principal.appid], registry.assignments)) {
    throw AcrError.unauthorized();
  }
  return ok({ refresh_token: await registry.tokens.refreshToken(principal) });
}

/** By an identity token, or as `docker login` does it, with the refresh token as password. */
async function tokenByForm(asked: Asked, registry: TokenEndpoints): Promise<Answer> {
  const form = formOf(asked, [
    ...['grant_type', 'service', 'scope', 'refresh_token', 'username', 'password'],
    ...['client_id', 'access_type'],
  ]);
  const grantType = need(form, 'grant_type');
  expectValue(form, 'service', registry.service);
  let token: string;
  if (grantType === 'refresh_token') token = need(form, 'refresh_token');
  else if (grantType === 'password') {
    if (need(form, 'username') !== tokenUser) throw AcrError.unauthorized();
    token = need(form, 'password');
  } else throw AcrError.badRequest(`grant_type ${grantType} is not supported`);
  const accessToken = await accessTokenFor(registry, token, form.getAll('scope'));
  return ok({ access_token: accessToken });
}

async function tokenByQuery(asked: Asked, registry: TokenEndpoints): Promise<Answer> {
  onlyKnown(asked.query, ['service', 'scope', 'account', 'client_id', 'offline_token']);
  expectValue(asked.query, 'service', registry.service);
  const basic = /^Basic (\S+)$/.exec(asked.headers.authorization ?? '')?.[1];
  if (basic === undefined) throw AcrError.unauthorized();
  const [, user, password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
  if (user !== tokenUser) throw AcrError.unauthorized();
  const accessToken = await accessTokenFor(registry, password, asked.query.getAll('scope'));
  return ok({ access_token: accessToken });
}

async function accessTokenFor(
  { tokens, mode, assignments }: TokenEndpoints,
  refreshToken: string,
  scopes: readonly string[],
): Promise<string> {
  const principal = await tokens.verifyRefreshToken(refreshToken);
  const access: Access[] = [];
  for (const scope of scopes.flatMap((some) => some.split(' ')).filter((some) => some !== '')) {
    const asked = parseScope(scope);
    if (asked === undefined) throw AcrError.badRequest(`scope ${scope} is not valid`);
    const granted = grant(asked, [principal.oid, principal.appid], mode, assignments);
    if (granted.actions.length > 0) access.push(granted);
  }
  return tokens.accessToken(principal, access);
}

function formOf(asked: Asked, known: readonly string[]): URLSearchParams {
  const type = asked.headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/x-www-form-urlencoded') {
    throw AcrError.badRequest(`content type ${type ?? '(none)'} is not a form`);
  }
  const form = new URLSearchParams(asked.body.toString());
  onlyKnown(form, known);
  return form;
}

function onlyKnown(fields: URLSearchParams, known: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of fields.keys()) {
    if (!known.includes(name)) throw AcrError.badRequest(`${name} is not known`);
    if (seen.has(name) && name !== 'scope') throw AcrError.badRequest(`${name} is given twice`);
    seen.add(name);
  }
}

function need(fields: URLSearchParams, name: string): string {
  const value = fields.get(name);
  if (value === null || value === '') throw AcrError.badRequest(`${name} is missing`);
  return value;
}

function expectValue(fields: URLSearchParams, name: string, value: string): void {
  const given = need(fields, name);
  if (given !== value) throw AcrError.badRequest(`${name} ${given} is not ${value}`);
}

function ok(body: Record<string, string>): Answer {
  return { status: 200, headers: { 'cache-control': 'no-store' }, body };
}
