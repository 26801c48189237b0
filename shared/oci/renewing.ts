import type { Log } from '../log/Log.ts';
import type { Credential } from './credentials.ts';
import type { Issued } from './Issued.ts';

/**
 * BuildKit's client keeps what a credential helper gave for 4 minutes and 50 seconds, so whatever is
 * handed out has to be good for longer than that.
 */
const leastLifeMs = 5 * 60_000;
/** What has this left is still better than nothing when it cannot be renewed. */
const lastResortMs = 30_000;

export interface RenewingOptions {
  /** Of whom, for the log. */
  readonly registry: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Hands out a credential for as long as it is good, and asks for a new one before it ends. Whoever
 * asks in the meantime waits for the same answer.
 */
export function renewing(
  issue: () => Promise<Issued>,
  { registry, log, now = Date.now }: RenewingOptions,
): () => Promise<Credential> {
  let current: Issued | undefined;
  let pending: Promise<Issued> | undefined;
  const lifeLeft = ({ expiresAt }: Issued) =>
    expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - now();

  async function renew(): Promise<Issued> {
    const ending = current;
    if (ending !== undefined) log.info(`The login to ${registry} is renewed.`);
    try {
      current = await issue();
      return current;
    } catch (error) {
      if (ending === undefined || lifeLeft(ending) < lastResortMs) throw error;
      log.info(`The login to ${registry} could not be renewed yet: ${(error as Error).message}`);
      return ending;
    } finally {
      pending = undefined;
    }
  }

  return async () => {
    if (current !== undefined && lifeLeft(current) >= leastLifeMs) return current.credential;
    pending ??= renew();
    return (await pending).credential;
  };
}
