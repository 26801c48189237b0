import { createHash } from 'node:crypto';
import type { Answer, Asked } from '../serve.ts';
import { BlobError } from './BlobError.ts';
import { checkSignature } from './signature.ts';

interface Blob {
  content: Buffer;
  readonly type: 'BlockBlob' | 'AppendBlob';
  readonly metadata: Map<string, string>;
}

/** The most that one block, or a blob in one piece, may have since version 2019-12-12. */
const mostBytes = 4000 * 1024 * 1024;

/** Blobs below one prefix, behind shared access signatures, as far as tasks use them. */
export class BlobStore {
  readonly #blobs = new Map<string, Blob>();
  /** By blob, then by block: those that no list has named yet. */
  readonly #blocks = new Map<string, Map<string, Buffer>>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  handle(asked: Asked): Answer {
    try {
      checkSignature(asked, this.#now());
      const answer =
        asked.method === 'PUT'
          ? this.#put(asked)
          : asked.method === 'GET' || asked.method === 'HEAD'
            ? this.#get(asked)
            : unsupportedVerb();
      return { ...answer, headers: { 'x-ms-version': '2021-12-02', ...answer.headers } };
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      return error.answer();
    }
  }

  content(path: string): Buffer | undefined {
    return this.#blobs.get(path)?.content;
  }

  /** An append blob; the log of a run. */
  append(path: string, text: string): void {
    const blob = this.#blobs.get(path) ?? {
      ...{ content: Buffer.alloc(0), type: 'AppendBlob' as const, metadata: new Map() },
    };
    blob.content = Buffer.concat([blob.content, Buffer.from(text)]);
    this.#blobs.set(path, blob);
  }

  setMetadata(path: string, name: string, value: string): void {
    this.#blobs.get(path)?.metadata.set(name, value);
  }

  #put(asked: Asked): Answer {
    const { path, query, headers, body } = asked;
    if (headers['content-length'] === undefined) {
      throw new BlobError(411, 'MissingContentLengthHeader', 'Content-Length header is required.');
    }
    if (body.length > mostBytes) throw new BlobError(413, 'RequestBodyTooLarge', 'Too large.');
    checkMd5(asked);
    switch (query.get('comp')) {
      case null:
        if (headers['x-ms-blob-type'] === undefined)
          throw BlobError.missingHeader('x-ms-blob-type');
        if (headers['x-ms-blob-type'] !== 'BlockBlob') throw BlobError.badHeader('x-ms-blob-type');
        this.#blobs.set(path, { content: body, type: 'BlockBlob', metadata: new Map() });
        return created();
      case 'block':
        return this.#putBlock(path, query.get('blockid') ?? '', body);
      case 'blocklist':
        return this.#putList(path, body.toString());
      default:
        throw BlobError.badQuery('comp');
    }
  }

  #putBlock(path: string, id: string, body: Buffer): Answer {
    const decoded = Buffer.from(id, 'base64');
    if (id === '' || decoded.toString('base64') !== id || decoded.length > 64) {
      throw BlobError.badQuery('blockid');
    }
    const blocks = this.#blocks.get(path) ?? new Map<string, Buffer>();
    const [first] = blocks.keys();
    if (first !== undefined && first.length !== id.length) {
      throw new BlobError(
        400,
        'InvalidBlobOrBlock',
        'The specified blob or block content is invalid.',
      );
    }
    this.#blocks.set(path, blocks.set(id, body));
    return created();
  }

  #putList(path: string, text: string): Answer {
    if (!/^<\?xml[^>]*\?>\s*<BlockList>.*<\/BlockList>\s*$/s.test(text)) {
      throw new BlobError(400, 'InvalidXmlDocument', 'XML specified is not syntactically valid.');
    }
    const blocks = this.#blocks.get(path);
    const ids = [...text.matchAll(/<(Latest|Uncommitted)>([^<]*)<\/\1>/g)].map(([, , id]) => id);
    const content = ids.map((id) => blocks?.get(id ?? ''));
    if (content.includes(undefined)) {
      throw new BlobError(400, 'InvalidBlockList', 'The specified block list is invalid.');
    }
    this.#blocks.delete(path);
    this.#blobs.set(path, {
      content: Buffer.concat(content as Buffer[]),
      type: 'BlockBlob',
      metadata: new Map(),
    });
    return created();
  }

  #get({ path, method, headers }: Asked): Answer {
    const blob = this.#blobs.get(path);
    if (blob === undefined) {
      throw new BlobError(404, 'BlobNotFound', 'The specified blob does not exist.');
    }
    const { content } = blob;
    const common = {
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"0x${createHash('md5').update(content).digest('hex').slice(0, 15).toUpperCase()}"`,
      'x-ms-blob-type': blob.type,
      ...Object.fromEntries(
        [...blob.metadata].map(([name, value]) => [`x-ms-meta-${name}`, value]),
      ),
    };
    const range = String(headers['x-ms-range'] ?? headers.range ?? '');
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
    if (from === undefined || method === 'HEAD') {
      return {
        status: 200,
        headers: { ...common, 'content-length': `${content.length}` },
        body: content,
      };
    }
    const start = Number(from);
    if (start >= content.length) {
      throw new BlobError(
        416,
        'InvalidRange',
        'The range specified is invalid for the current size of the resource.',
      );
    }
    const end = Math.min(to === '' ? content.length : Number(to) + 1, content.length);
    return {
      status: 206,
      headers: {
        ...common,
        'content-length': `${end - start}`,
        'content-range': `bytes ${start}-${end - 1}/${content.length}`,
      },
      body: content.subarray(start, end),
    };
  }
}

function created(): Answer {
  return { status: 201, headers: { 'x-ms-request-server-encrypted': 'true' } };
}

function unsupportedVerb(): never {
  throw new BlobError(
    405,
    'UnsupportedHttpVerb',
    "The resource doesn't support specified Http Verb.",
  );
}

/** Storage checks what it is told of the content; and a version has to be one that it knows. */
function checkMd5({ headers, body }: Asked): void {
  const version = headers['x-ms-version'];
  if (version !== undefined && !/^20\d\d-\d\d-\d\d$/.test(String(version))) {
    throw BlobError.badHeader('x-ms-version');
  }
  const md5 = headers['content-md5'];
  if (md5 === undefined || md5 === createHash('md5').update(body).digest('base64')) return;
  throw new BlobError(
    400,
    'Md5Mismatch',
    'The MD5 value specified in the request did not match with the MD5 value calculated by the server.',
  );
}
