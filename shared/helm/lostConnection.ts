import type { Outcome } from '../process/run.ts';

/** As Go's network library tells that a server was not there, or went in the middle. */
const away =
  /connection refused|connection reset by peer|broken pipe|\bEOF\b|http2: client connection lost|server closed idle connection|TLS handshake timeout|i\/o timeout|no route to host/;

/**
 * Whether Helm ended because the API server was away for a moment, and not for the release: it asks again
 * when it reads, but not when it writes.
 *
 * @param server the API server's address
 */
export function lostConnection(
  { exitCode, endedBy, stderr }: Pick<Outcome, 'exitCode' | 'endedBy' | 'stderr'>,
  server: string,
): boolean {
  if (exitCode === 0 || exitCode === undefined || endedBy !== 'itself' || server === '')
    return false;
  const [, error = ''] = /^Error: ([\s\S]*)/m.exec(stderr) ?? [];
  // What the server could not reach itself is another matter.
  if (/failed calling webhook|context deadline exceeded/.test(error)) return false;
  return error.split('\n').some((line) => line.includes(server) && away.test(line));
}
