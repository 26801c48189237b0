import { createHmac, randomBytes } from 'node:crypto';
import type { Asked } from '../serve.ts';
import { BlobError } from './BlobError.ts';

const key = randomBytes(32);

/** `r` reads; `cw` creates and writes. */
export type Permission = 'r' | 'cw';

/** The address of a blob with a shared access signature, good until `expires`. */
export function signedUrl(origin: string, path: string, sp: Permission, expires: Date): string {
  const se = expires.toISOString().replace(/\.\d+Z$/, 'Z');
  const query = new URLSearchParams({ sv: '2021-12-02', se, sr: 'b', sp });
  query.set('sig', sign(path, sp, se));
  return `${origin}${path}?${query}`;
}

/** @throws {BlobError} when the signature is none, of another blob, too old, or for something else */
export function checkSignature({ path, query, method }: Asked, now: Date): void {
  const given = (name: string) => query.get(name) ?? '';
  if (given('sig') === '') {
    throw new BlobError(404, 'ResourceNotFound', 'The specified resource does not exist.');
  }
  if (given('sig') !== sign(path, given('sp'), given('se'))) {
    throw BlobError.notSigned('Signature did not match.');
  }
  if (now >= new Date(given('se'))) {
    throw BlobError.notSigned('Signature not valid in the specified time frame');
  }
  const needed = method === 'GET' || method === 'HEAD' ? 'r' : 'w';
  if (!given('sp').includes(needed)) throw BlobError.notPermitted();
}

function sign(path: string, sp: string, se: string): string {
  return createHmac('sha256', key).update(`${path}\n${sp}\n${se}`).digest('base64');
}
