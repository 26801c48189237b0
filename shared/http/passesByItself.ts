/** What the network does on a bad day, and not on a better one. */
export const passingCodes = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_BODY_PARSE_FAILURE',
  'ERR_READING_RESPONSE_STREAM',
  'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CONSTANT',
] as const;

/** Statuses after which the same request may succeed: RFC 9110, 15.5 and 15.6, and RFC 6585. */
export const passingStatuses = [408, 429, 500, 502, 503, 504] as const;

/** Whether an error, or what caused it, is one of the network that another try may not meet. */
export function passesByItself(error: unknown): boolean {
  // Not by `instanceof`: an error of Node's own may come from another realm.
  for (let cause = error; typeof cause === 'object' && cause !== null; ) {
    const { code, cause: next } = cause as { code?: unknown; cause?: unknown };
    if ((passingCodes as readonly unknown[]).includes(code)) return true;
    cause = next;
  }
  return false;
}
