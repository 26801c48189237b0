import { GitHubError } from './GitHubError.ts';

const page = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/** A limit that is hit (docs.github.com, "Rate limits for the REST API"). */
export interface RateLimitFault {
  /** Too many in an hour, or too much at once. */
  readonly kind: 'primary' | 'secondary';
  readonly status: 403 | 429;
  /** Seconds; a secondary limit may come without. */
  readonly retryAfter?: number;
  /** How many requests it befalls. */
  readonly times: number;
}

/** Counts requests, and refuses when the hour's are used up or a test says so. */
export class RateLimit {
  readonly #hourly: number;
  readonly #faults: { fault: RateLimitFault; left: number }[] = [];
  #used = 0;
  #reset = 0;

  constructor(hourly: number) {
    this.#hourly = hourly;
  }

  add(fault: RateLimitFault): void {
    this.#faults.push({ fault, left: fault.times });
  }

  /** @throws {GitHubError} when a limit is hit */
  count(now: Date): void {
    this.#turn(now);
    const next = this.#faults.find(({ left }) => left > 0);
    if (next !== undefined) {
      next.left -= 1;
      throw this.#refusal(next.fault);
    }
    if (this.#used >= this.#hourly) {
      throw this.#refusal({ kind: 'primary', status: 403, times: 1 });
    }
    this.#used += 1;
  }

  headers(): Record<string, string> {
    return {
      'x-ratelimit-limit': String(this.#hourly),
      'x-ratelimit-remaining': String(this.#hourly - this.#used),
      'x-ratelimit-used': String(this.#used),
      'x-ratelimit-reset': String(this.#reset),
      'x-ratelimit-resource': 'core',
    };
  }

  /** What `GET /rate_limit` answers. */
  show(now: Date): Record<string, unknown> {
    this.#turn(now);
    const core = {
      limit: this.#hourly,
      used: this.#used,
      remaining: this.#hourly - this.#used,
      reset: this.#reset,
    };
    return { resources: { core }, rate: core };
  }

  /** Begins a new hour when the last one is over. */
  #turn(now: Date): void {
    const seconds = Math.floor(now.getTime() / 1000);
    if (seconds < this.#reset) return;
    this.#reset = seconds + 3600;
    this.#used = 0;
  }

  #refusal({ kind, status, retryAfter }: RateLimitFault): GitHubError {
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    if (kind === 'secondary') {
      return new GitHubError({
        status,
        message:
          'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        documentation: `${page}#about-secondary-rate-limits`,
        headers,
      });
    }
    return new GitHubError({
      status,
      message: 'API rate limit exceeded for installation ID 1.',
      documentation: `${page}#about-primary-rate-limits`,
      headers: { ...headers, 'x-ratelimit-remaining': '0' },
    });
  }
}
