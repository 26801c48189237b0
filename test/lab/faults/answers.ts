import type { Fault } from './Rule.ts';

type Answer = Extract<Fault, { kind: 'answer' }>;

/** 429; a server may say when to come back, as a number of seconds or as a date, or keep silent. */
export function tooManyRequests({
  retryAfter,
}: {
  readonly retryAfter?: number | Date;
} = {}): Answer {
  return {
    kind: 'answer',
    status: 429,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && {
        'retry-after': retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter),
      }),
    },
    body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"too many requests"}]}',
  };
}

/** A 5xx as a server of ours gives it: no body that helps. */
export function serverError(status: 500 | 502 | 503 | 504): Answer {
  return { kind: 'answer', status, headers: { 'content-type': 'text/plain' }, body: 'error' };
}

/** The page of a gateway, a captive portal or a log-in where JSON was asked for. */
export function htmlPage(status: number): Answer {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>',
  };
}
