import type { Readable } from 'node:stream';
import type { Manifest } from './Manifest.ts';
import type { Digest } from './Reference.ts';

/** Where images are taken from: a registry's repository, or a folder. */
export interface Content {
  /** @throws {Failure} when it is not there, or is not what the digest names */
  manifest(digest: Digest): Promise<Manifest>;
  openBlob(digest: Digest, offset: number): Promise<Readable>;
  /** The repository, when the content is of one: within a registry blobs are linked, not sent. */
  readonly repository?: { readonly registry: string; readonly repository: string };
}
