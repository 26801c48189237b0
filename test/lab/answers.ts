import { readFileSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { connect } from 'node:net';

/** Whether a GET is answered with one of these statuses. `ca` is the path of an authority's certificate. */
export function answersHttp(
  url: string,
  {
    statuses = [200],
    ca,
    accept,
  }: { statuses?: readonly number[]; ca?: string; accept?: string } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? getSecure : getPlain;
    const request = get(
      url,
      {
        timeout: 2000,
        agent: false,
        ...(ca && { ca: readFileSync(ca) }),
        ...(accept && { headers: { accept } }),
      },
      (response) => {
        response.resume();
        resolve(statuses.includes(response.statusCode ?? 0));
      },
    );
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}

/** Whether something listens at `host:port`, or on a socket's path. */
export function listens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const [host = '', port = ''] = address.split(':');
    const socket = address.startsWith('/') ? connect(address) : connect(Number(port), host);
    socket.setTimeout(2000, () => socket.destroy());
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
