import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** One revision of a release. */
export interface RevisionRef {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
}

/** A release of Helm is at most a Secret of 1 MiB; its text may be ten times that. */
const largestRelease = 64 * 1024 * 1024;

/** Where Helm keeps a revision (pkg/storage/driver of Helm 3 and 4), below the API server's address. */
export function storedPath({ release, namespace, revision }: RevisionRef): string {
  return `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.${release}.v${revision}`;
}

/**
 * What stands in a revision's Secret: base64 of gzipped JSON, within the Secret's own base64.
 *
 * @throws {Error} when it is none of that
 */
export async function unpackRelease(data: string): Promise<unknown> {
  const zipped = Buffer.from(Buffer.from(data, 'base64').toString(), 'base64');
  const text = await promisify(gunzip)(zipped, { maxOutputLength: largestRelease });
  return JSON.parse(text.toString());
}

/** The reverse of {@link unpackRelease}. */
export async function packRelease(record: unknown): Promise<string> {
  const zipped = await promisify(gzip)(JSON.stringify(record));
  return Buffer.from(zipped.toString('base64')).toString('base64');
}
