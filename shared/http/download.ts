import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import got, { RequestError } from 'got';
import { explainNetworkError } from './explainNetworkError.ts';

/** The file could not be had: the message says why, in words. */
export class NotDownloaded extends Error {
  override readonly name = 'NotDownloaded';
}

export interface Downloaded {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface DownloadOptions {
  /** Where the proxy variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams a file to disk and computes its sum on the way. It judges nothing: the caller compares the
 * sum and throws the file away when it differs.
 *
 * @throws {NotDownloaded} when the file could not be had
 */
export async function download(
  url: string,
  path: string,
  { env, onProgress, signal }: DownloadOptions,
): Promise<Downloaded> {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = got.stream(url, {
    agent: {
      http: new http.Agent({ proxyEnv: { ...env } }),
      https: new https.Agent({ proxyEnv: { ...env } }),
    },
    headers: { 'user-agent': 'platform-actions' },
    timeout: { lookup: 5000, connect: 10_000, response: 30_000 },
    retry: { limit: 0 },
    ...(signal && { signal }),
  });
  stream.on('downloadProgress', ({ transferred, total }) => onProgress?.(transferred, total));
  try {
    await pipeline(
      stream,
      async function* (source) {
        for await (const chunk of source) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
    );
  } catch (error) {
    if (error instanceof RequestError)
      throw new NotDownloaded(explainNetworkError(error), { cause: error });
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}
