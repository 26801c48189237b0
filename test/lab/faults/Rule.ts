import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What of an answer that passes is replaced. */
export interface AnswerChange {
  readonly status?: number;
  /** Names in lower case; `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Gets the whole body, as it came over the wire (perhaps compressed). */
  readonly body?: (body: Buffer) => Buffer | string;
}

/** What is replaced in a request before it goes on. */
export interface RequestChange {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** What goes wrong with one request. Sizes in bytes, times in milliseconds. */
export type Fault =
  /** An answer of the proxy's own; nothing is forwarded. The body may be HTML where JSON is expected. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
      readonly delayMs?: number;
    }
  /** The connection is reset when the request's head has come; nothing is forwarded. */
  | { readonly kind: 'resetRequest' }
  /** The connection is reset on both sides when so much of the request's body has been forwarded. */
  | { readonly kind: 'resetUpload'; readonly afterBytes: number }
  /** Head and a part of the answer's body come, then the connection is reset. */
  | { readonly kind: 'resetAnswer'; readonly afterBytes: number | 'half' }
  /** As `resetAnswer`, but the connection is closed in order, as by a proxy that gave up. */
  | { readonly kind: 'truncateAnswer'; readonly afterBytes: number | 'half' }
  /** Head and a part of the body come, then nothing more; the connection stays open. */
  | { readonly kind: 'stallAnswer'; readonly afterBytes: number | 'half' }
  /** The request is taken and never answered; nothing is forwarded. */
  | { readonly kind: 'silence' }
  | {
      readonly kind: 'delay';
      readonly beforeForwardingMs?: number;
      readonly beforeAnsweringMs?: number;
    }
  /** It is done: the request is forwarded and its whole answer awaited; then that answer is lost. */
  | { readonly kind: 'loseAnswer'; readonly as: 'reset' | 'silence' | 502 | 504 }
  | { readonly kind: 'change'; readonly request?: RequestChange; readonly answer?: AnswerChange };

/** Which requests a fault befalls. */
export interface Rule {
  /** Shown in the log of requests instead of the fault's kind. */
  readonly name?: string;
  readonly method?: string | readonly string[];
  /** A prefix of path and query as they were sent, or a pattern that is found in them. */
  readonly path?: string | RegExp;
  readonly when?: (headers: IncomingHttpHeaders) => boolean;
  /**
   * Which of the requests that match: the first N, only the Nth (from 1), or every one (default).
   * All that match are counted, also those that an earlier rule has taken.
   */
  readonly which?: { readonly first: number } | { readonly nth: number } | 'every';
  readonly fault: Fault;
}

/** Whether a rule speaks of this request, its count aside. */
export function matches(
  { method, path, when }: Rule,
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
): boolean {
  const methods = typeof method === 'string' ? [method] : method;
  if (methods !== undefined && !methods.includes(request.method ?? '')) return false;
  const url = request.url ?? '';
  if (typeof path === 'string' && !url.startsWith(path)) return false;
  if (path instanceof RegExp && url.search(path) === -1) return false;
  return when?.(request.headers) ?? true;
}

/** The rules in force, in order, and how many requests each has seen. */
export class RuleBook {
  readonly #rules = new Map<Rule, { seen: number; fired: number }>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: Rule): void {
    this.#rules.set(rule, { seen: 0, fired: 0 });
  }

  remove(rule: Rule): void {
    this.#rules.delete(rule);
  }

  clear(): void {
    this.#rules.clear();
  }

  /** How many requests a rule has befallen. */
  fired(rule: Rule): number {
    return this.#rules.get(rule)?.fired ?? 0;
  }

  /** Counts the request with every rule that matches it; the first whose turn it is befalls it. */
  take(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): Rule | undefined {
    let taken: Rule | undefined;
    for (const [rule, count] of this.#rules) {
      if (!matches(rule, request)) continue;
      count.seen += 1;
      if (taken !== undefined || !isTurn(rule, count.seen)) continue;
      count.fired += 1;
      taken = rule;
    }
    return taken;
  }
}

function isTurn({ which = 'every' }: Rule, seen: number): boolean {
  if (which === 'every') return true;
  return 'first' in which ? seen <= which.first : seen === which.nth;
}
