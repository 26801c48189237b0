import type { Log } from '../log/Log.ts';
import { readClaims } from './readClaims.ts';

/** Of a token that does not say how long it lives: Entra's live an hour at least. */
const unsaidMs = 40 * 60_000;
const minute = 60_000;

interface Kept {
  readonly token: string;
  readonly renewAt: number;
  readonly endsAt: number;
}

export interface RenewingOptions {
  /** What the token is for, for the log. */
  readonly of: string;
  readonly log: Log;
  /** Milliseconds, of a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * What gives a token that is good now: asked for when it is first needed, and again after half of its
 * life, so that whoever keeps it for a minute has a good one too. Where it cannot be renewed, the old
 * one is handed out for as long as it is good.
 */
export function renewingToken(
  ask: () => Promise<string>,
  { of, log, now = () => performance.now() }: RenewingOptions,
): () => Promise<string> {
  let kept: Kept | undefined;
  let pending: Promise<string> | undefined;

  async function renew(ending: Kept | undefined): Promise<string> {
    try {
      const token = await ask();
      const lifeMs = lifeOf(token);
      kept = { token, renewAt: now() + lifeMs / 2, endsAt: now() + lifeMs };
      return token;
    } catch (error) {
      if (ending === undefined || now() >= ending.endsAt) throw error;
      log.info(`The token for ${of} could not be renewed yet: ${(error as Error).message}`);
      const pauseMs = Math.min(minute, (ending.endsAt - now()) / 4);
      kept = { ...ending, renewAt: now() + pauseMs };
      return ending.token;
    } finally {
      pending = undefined;
    }
  }

  return async () => {
    if (kept !== undefined && now() < kept.renewAt) return kept.token;
    pending ??= renew(kept);
    return pending;
  };
}

/** By the issuer's own clock, which may differ from ours. */
function lifeOf(token: string): number {
  const { exp, iat } = readClaims(token);
  return exp === undefined || iat === undefined ? unsaidMs : (exp - iat) * 1000;
}
