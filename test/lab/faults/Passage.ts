import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Rule } from './Rule.ts';

/** What the proxy's log tells of one request. Times in milliseconds, sizes in bytes of bodies. */
export interface Passage {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Since the proxy started. */
  readonly atMs: number;
  /** The name, or the fault's kind, of the rule that befell it. */
  readonly rule: string | undefined;
  /** Whether the upstream has seen it. */
  forwarded: boolean;
  /** What the upstream answered. */
  upstreamStatus: number | undefined;
  /** What the client was answered. */
  status: number | undefined;
  requestBytes: number;
  answerBytes: number;
  durationMs: number | undefined;
  /**
   * `answered` in full, `cut` by a fault, `lost` by a fault after the upstream had done it,
   * `client gone`, or `upstream failed` when the other side broke by itself.
   */
  end: 'open' | 'answered' | 'cut' | 'lost' | 'client gone' | 'upstream failed';
}

/** Opens a log entry; `started` is the proxy's own start, as `performance.now()` gave it. */
export function openPassage(
  request: IncomingMessage,
  rule: Rule | undefined,
  started: number,
): Passage {
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    atMs: performance.now() - started,
    rule: rule?.name ?? rule?.fault.kind,
    forwarded: false,
    upstreamStatus: undefined,
    status: undefined,
    requestBytes: 0,
    answerBytes: 0,
    durationMs: undefined,
    end: 'open',
  };
}

/** Closes it, once: what came first is what happened. */
export function closePassage(
  passage: Passage,
  started: number,
  end: Exclude<Passage['end'], 'open'>,
) {
  if (passage.end !== 'open') return;
  passage.end = end;
  passage.durationMs = performance.now() - started - passage.atMs;
}
