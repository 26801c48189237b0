import type { Http } from '../http/request.ts';
import type { Log } from '../log/Log.ts';

/** What a login touches of the world around it. */
export interface Effects {
  readonly http: Http;
  readonly log: Log;
  /** Told of each token as soon as it exists. */
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}
