import type { Http } from '../http/request.ts';
import type { Log } from '../log/Log.ts';

/** A repository on GitHub, and as whom we speak to it. */
export interface GitHub {
  readonly http: Http;
  /** `https://api.github.com`, or that of an Enterprise Server, which ends in `/api/v3`. */
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Tests give their own. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly now?: (() => number) | undefined;
}

/** The token may not, as on a pull request of a fork: that is to be said, not to fail for. */
export interface Denied {
  readonly kind: 'denied';
  readonly why: string;
}

/** What became of something that was to be told on GitHub. */
export type Published =
  | {
      readonly kind: 'created' | 'updated' | 'unchanged' | 'closed';
      readonly url: string | undefined;
    }
  | Denied;
