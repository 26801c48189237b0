import { connect } from 'node:net';

/** A socket of this machine, or a port of a host. */
export type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** So long a connection may take; who drops packets never says so. */
const deadlineMs = 10_000;

/** Tries whether something listens there. @returns why not, in words; `undefined` when it does */
export function tryConnect(to: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const connection = connect({ ...to, timeout: deadlineMs });
    const tell = (why: string | undefined) => {
      connection.destroy();
      resolve(why);
    };
    connection
      .once('connect', () => tell(undefined))
      .once('timeout', () => tell(`no answer within ${deadlineMs / 1000} s`))
      .once('error', ({ code, message }: NodeJS.ErrnoException) =>
        tell((code !== undefined && meanings[code]) || message),
      );
  });
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not open the socket',
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the host name is not known',
};
