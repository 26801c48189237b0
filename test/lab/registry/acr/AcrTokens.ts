import { randomUUID } from 'node:crypto';
import { errors, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { AcrError } from './AcrError.ts';
import type { Access } from './permissions.ts';
import { publicPart } from './signingKey.ts';

/** What ACR writes as the issuer of all its tokens; distribution is configured to want it. */
export const acrIssuer = 'Azure Container Registry';

export interface AcrTokensOptions {
  readonly key: JWK;
  /** The registry's name, which is the audience. */
  readonly service: string;
  readonly tenant: string;
  /** Seconds that refresh tokens live; ACR gives about three hours. */
  readonly refreshLifetime: number;
  /** Seconds that access tokens live; ACR gives 75 minutes. */
  readonly accessLifetime: number;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Who asks. */
export interface Principal {
  /** Object id. */
  readonly oid: string;
  /** Application id. */
  readonly appid: string;
}

/** ACR's two kinds of tokens, with the claims of github.com/Azure/acr, docs/AAD-OAuth.md. */
export class AcrTokens {
  readonly #options: AcrTokensOptions;

  constructor(options: AcrTokensOptions) {
    this.#options = options;
  }

  refreshToken({ oid, appid }: Principal): Promise<string> {
    const { refreshLifetime, tenant } = this.#options;
    return this.#sign(oid, refreshLifetime, {
      grant_type: 'refresh_token',
      appid,
      tenant,
      permissions: { actions: ['read', 'write'], notActions: [] },
      roles: [],
    });
  }

  accessToken({ oid }: Principal, access: readonly Access[]): Promise<string> {
    return this.#sign(oid, this.#options.accessLifetime, {
      grant_type: 'access_token',
      access,
      roles: [],
    });
  }

  /** @throws {AcrError} when it is not one of ours, for another registry, or has expired */
  async verifyRefreshToken(token: string): Promise<Principal> {
    const { key, service, now } = this.#options;
    let claims: JWTPayload;
    try {
      const verified = await jwtVerify(token, await importJWK(publicPart(key), 'RS256'), {
        issuer: acrIssuer,
        audience: service,
        algorithms: ['RS256'],
        currentDate: new Date(now() * 1000),
        requiredClaims: ['exp', 'sub'],
      });
      claims = verified.payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw AcrError.unauthorized();
    }
    if (claims.grant_type !== 'refresh_token') throw AcrError.unauthorized();
    return { oid: claims.sub ?? '', appid: String(claims.appid) };
  }

  async #sign(subject: string, lifetime: number, claims: JWTPayload): Promise<string> {
    const { key, service, now } = this.#options;
    const at = now();
    return new SignJWT({
      jti: randomUUID(),
      sub: subject,
      nbf: at,
      exp: at + lifetime,
      iat: at,
      iss: acrIssuer,
      aud: service,
      version: '1.0',
      ...claims,
    })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid ?? '' })
      .sign(await importJWK(key, 'RS256'));
  }
}
