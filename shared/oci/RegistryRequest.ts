import type { Readable } from 'node:stream';
import type { HttpRequest } from '../http/request.ts';
import type { StreamRequest } from '../http/stream.ts';

/** What a token is asked for: to write or to delete includes to read. */
export type Access = 'pull' | 'pull,push' | 'pull,delete';

/** What each request about a repository says. */
export interface Asked {
  /** Below `/v2/<repository>/`, or an address that the registry gave (where an upload goes on). */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly access?: Access | undefined;
  /** Another repository of the registry that is read for it, as by a mount. */
  readonly alsoRead?: string | undefined;
}

/** One request about a repository. */
export interface RegistryRequest extends Asked {
  readonly method?: HttpRequest['method'];
  readonly body?: string | Uint8Array;
  /** As {@link HttpRequest.repeatable}. */
  readonly repeatable?: boolean;
  /** As {@link HttpRequest.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
}

/** How something is read. */
export type ReadOptions = Pick<RegistryRequest, 'access' | 'deadlineMs' | 'repeatable'>;

export interface RegistryTransfer extends Asked {
  readonly method: StreamRequest['method'];
  /** Called once more when the registry wants a new login first. */
  readonly body?: () => Promise<Readable>;
}
