import type { Readable } from 'node:stream';
import type { Failure } from '../failure/Failure.ts';
import type { HttpResponse } from '../http/request.ts';
import type { StreamResponse } from '../http/stream.ts';
import { explainRefusal } from './explainRefusal.ts';
import { hasBlob } from './hasBlob.ts';
import { Passing } from './Passing.ts';
import { type Patience, patiently } from './patiently.ts';
import type { Digest, Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { readStart } from './readStart.ts';

/** Content of which we know the sum and the size, and that can be read from any place on. */
export interface BlobSource {
  readonly digest: Digest;
  readonly size: number;
  readonly open: (offset: number) => Promise<Readable>;
}

/** How a blob came into a repository. */
export type BlobOutcome = 'there' | 'mounted' | 'sent';

export interface UploadOptions {
  readonly patience: Patience;
  /** A repository of the same registry that has it: nothing is sent where the registry can link it. */
  readonly mountFrom?: string | undefined;
  /** For a registry that says it has the blob, and then does not find it. */
  readonly evenIfThere?: boolean;
}

type Client = Pick<RegistryClient, 'ask' | 'transfer' | 'isSignedIn'>;

/** A push needs both, in one token. */
const actions = ['pull', 'push'] as const;
const binary = { 'content-type': 'application/octet-stream' };

/**
 * Brings a blob into a repository, unless it is there. What breaks on the way goes on from where the
 * registry says it got to; an answer that was lost is made up for by asking whether the blob is there.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function uploadBlob(
  client: Client,
  repository: Reference,
  blob: BlobSource,
  { patience, mountFrom, evenIfThere = false }: UploadOptions,
): Promise<BlobOutcome> {
  const name = `${blob.digest.slice(0, 19)}… to ${repository.registry}/${repository.repository}`;
  let location: string | undefined;
  let sending = false;
  return patiently(
    `Pushing ${name}`,
    async () => {
      if (!evenIfThere && (await hasBlob(client, repository, blob.digest))) {
        return sending ? 'sent' : 'there';
      }
      if (location !== undefined && sending) {
        const upload = await findUpload(client, repository, location);
        location = undefined;
        if (upload !== undefined && upload.offset < blob.size) {
          location = upload.location;
          const from = `${Math.floor((100 * upload.offset) / blob.size)} %`;
          patience.log.info(`Pushing ${name} goes on from ${from}.`);
          await sendRest(client, repository, blob, upload);
          return 'sent';
        }
      }
      const begun = await begin(client, repository, sending ? undefined : mountFrom, blob.digest);
      if (begun === 'mounted') return begun;
      location = begun;
      sending = true;
      await sendWhole(client, repository, blob, begun);
      return 'sent';
    },
    patience,
  );
}

/** Opens an upload, or has the blob linked from another repository. */
async function begin(
  client: Client,
  repository: Reference,
  mountFrom: string | undefined,
  digest: Digest,
): Promise<'mounted' | string> {
  const query = mountFrom === undefined ? '' : `?mount=${digest}&from=${mountFrom}`;
  const response = await client.ask(repository, {
    method: 'POST',
    path: `blobs/uploads/${query}`,
    headers: { 'content-length': '0' },
    actions,
    alsoRead: mountFrom,
  });
  if (response.status === 201) return 'mounted';
  if (response.status !== 202) throw refused(client, repository, response);
  return nextLocation(repository, response);
}

async function sendWhole(
  client: Client,
  repository: Reference,
  { digest, size, open }: BlobSource,
  location: string,
): Promise<void> {
  const response = await client.transfer(repository, {
    method: 'PUT',
    path: withDigest(location, digest),
    headers: { ...binary, 'content-length': String(size) },
    body: () => open(0),
    actions,
  });
  await expectStatus(client, repository, response, 201);
}

/** Where an upload broke off, as the registry tells it; `undefined` when it has forgotten it. */
async function findUpload(
  client: Client,
  repository: Reference,
  location: string,
): Promise<{ readonly location: string; readonly offset: number } | undefined> {
  const response = await client.ask(repository, { path: location, actions, repeatable: false });
  const [, end] = /^(?:bytes=)?0-(\d+)$/.exec(String(response.headers.range ?? '')) ?? [];
  // `0-0` is said of one byte, and of none.
  if (response.status !== 204 || end === undefined || end === '0') return undefined;
  return { location: nextLocation(repository, response), offset: Number(end) + 1 };
}

async function sendRest(
  client: Client,
  repository: Reference,
  { digest, size, open }: BlobSource,
  { location, offset }: { readonly location: string; readonly offset: number },
): Promise<void> {
  const sent = await client.transfer(repository, {
    method: 'PATCH',
    path: location,
    headers: {
      ...binary,
      'content-length': String(size - offset),
      'content-range': `${offset}-${size - 1}`,
    },
    body: () => open(offset),
    actions,
  });
  const answer = await expectStatus(client, repository, sent, 202);
  const closed = await client.ask(repository, {
    method: 'PUT',
    path: withDigest(nextLocation(repository, answer), digest),
    headers: { 'content-length': '0' },
    actions,
  });
  if (closed.status !== 201) throw refused(client, repository, closed);
}

async function expectStatus(
  client: Client,
  repository: Reference,
  { status, headers, body }: StreamResponse,
  expected: number,
): Promise<HttpResponse> {
  const response = { status, headers, body: await readStart(body) };
  if (status === expected) return response;
  throw refused(client, repository, response);
}

/** The address with which an upload goes on; registries may give it without their own host. */
function nextLocation(repository: Reference, { headers }: Pick<HttpResponse, 'headers'>): string {
  const location = headers.location;
  if (typeof location === 'string' && location.includes('://')) return location;
  if (typeof location === 'string' && location.startsWith('/')) return location;
  throw new Passing(
    {
      what: `${repository.registry} began an upload and did not say where.`,
      remedy: 'A proxy between here and there changes answers; go round it.',
    },
    { atMost: 3 },
  );
}

function withDigest(location: string, digest: Digest): string {
  return `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
}

function refused(client: Client, repository: Reference, response: HttpResponse): Failure {
  const signedIn = client.isSignedIn(repository);
  return explainRefusal(repository, response, { deed: 'push to', signedIn });
}
