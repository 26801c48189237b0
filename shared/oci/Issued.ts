import type { Credential } from './credentials.ts';

/** A credential with its end. */
export interface Issued {
  readonly credential: Credential;
  /** Milliseconds since 1970; `undefined` for one that does not end, such as a password. */
  readonly expiresAt: number | undefined;
}
