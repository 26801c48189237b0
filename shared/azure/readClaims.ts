import { Buffer } from 'node:buffer';

/** What of a token's claims is used here. */
export interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** Seconds since 1970. */
  readonly exp?: number;
  readonly iat?: number;
  /** Tenant. */
  readonly tid?: string;
}

/**
 * What a JWT says, unchecked: good for messages and for planning, never for trust. A token of another
 * form says nothing.
 */
export function readClaims(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : {};
  } catch {
    return {};
  }
}
