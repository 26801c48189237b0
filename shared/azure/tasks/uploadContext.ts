import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Failure } from '../../failure/Failure.ts';
import type { Http, HttpRequest } from '../../http/request.ts';
import { plainText } from '../../log/sanitize.ts';
import { readBlobError } from './readBlobError.ts';

/** The version of the storage service's API that ours is written for. */
export const storageVersion = '2021-12-02';

/** At most 50,000 blocks make a blob: with 8 MiB each, 390 GiB. */
const blockBytes = 8 * 1024 * 1024;

/** For one block with all its repetitions: a line of 1 Mbit/s needs 67 s for it. */
const blockDeadlineMs = 5 * 60_000;

export interface UploadOptions {
  readonly http: Http;
  readonly signal?: AbortSignal | undefined;
}

/** The upload's address is no longer good. Another one is needed, and everything again. */
export class UploadExpired extends Error {
  override readonly name = 'UploadExpired';
}

/**
 * Uploads a stream as a block blob, block by block: a block that was lost is sent again, not
 * everything, and no more than one is held in memory.
 *
 * @param url with its signature; never shown
 * @returns how many bytes it had
 * @throws {UploadExpired} when the signature has run out
 * @throws {Failure} when storage refuses
 */
export async function uploadContext(
  url: string,
  stream: Readable,
  { http, signal }: UploadOptions,
): Promise<number> {
  const ids: string[] = [];
  let bytes = 0;
  const put = (query: Record<string, string>, body: string | Buffer, headers = {}) =>
    send(http, {
      method: 'PUT',
      url: withQuery(url, query),
      headers: { 'x-ms-version': storageVersion, 'content-md5': md5(body), ...headers },
      body,
      // A block of the same id, and a list of the same blocks, replace what came before.
      repeatable: true,
      deadlineMs: blockDeadlineMs,
      signal,
    });
  for await (const block of inBlocks(stream)) {
    bytes += block.data.length;
    if (block.only) {
      await put({}, block.data, {
        'x-ms-blob-type': 'BlockBlob',
        'content-type': 'application/gzip',
      });
      return bytes;
    }
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64');
    await put({ comp: 'block', blockid: id }, block.data);
    ids.push(id);
  }
  const list = ids.map((id) => `<Latest>${id}</Latest>`).join('');
  await put(
    { comp: 'blocklist' },
    `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`,
    {
      'content-type': 'application/xml',
      'x-ms-blob-content-type': 'application/gzip',
    },
  );
  return bytes;
}

/** `only` says that the whole stream fits in this one block. */
async function* inBlocks(stream: Readable): AsyncGenerator<{ data: Buffer; only: boolean }> {
  let held: Buffer[] = [];
  let size = 0;
  let first = true;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (size > 0 && size + chunk.length > blockBytes) {
      yield { data: Buffer.concat(held), only: false };
      first = false;
      held = [];
      size = 0;
    }
    held.push(chunk);
    size += chunk.length;
  }
  if (size > 0) yield { data: Buffer.concat(held), only: first };
}

async function send(http: Http, request: HttpRequest): Promise<void> {
  const response = await http(request);
  if (response.status === 201) return;
  const { code, message } = readBlobError(response);
  if (response.status === 403) throw new UploadExpired(`${code}: ${message}`);
  throw new Failure({
    what: `Azure's storage did not take the build context: it answered ${response.status}.`,
    why: code === '' ? undefined : `${code}: ${message}.`,
    remedy:
      response.status >= 500
        ? 'Azure had trouble; run the job again.'
        : 'Check that no proxy changes what this runner sends.',
    details: plainText(response.body.toString()).slice(0, 2000),
  });
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams(query).toString();
  // The signature is text that is not to be written anew.
  return added === '' ? url : `${url}&${added}`;
}

function md5(body: string | Buffer): string {
  return createHash('md5').update(body).digest('base64');
}
