import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

/** An answer that is longer is not an error message. */
const enough = 64 * 1024;

/** The beginning of a body that tells how a transfer went; the rest of it is let go. */
export async function readStart(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= enough) break;
    }
  } catch {
    // The status has come; what was said with it is cut short.
  }
  return Buffer.concat(chunks);
}
