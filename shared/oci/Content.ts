import type { Readable } from 'node:stream';
import type { Digest } from './Reference.ts';
import type { Manifest } from './RegistryClient.ts';

/** Where images are taken from: a registry's repository, or a folder. */
export interface Content {
  /** @throws {Failure} when it is not there, or is not what the digest names */
  manifest(digest: Digest): Promise<Manifest>;
  openBlob(digest: Digest, offset: number): Promise<Readable>;
  /** The repository, when the content is of one: within a registry blobs are linked, not sent. */
  readonly repository?: { readonly registry: string; readonly repository: string };
}
