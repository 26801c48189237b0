import { Buffer } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

/** Many times what any of these lists is; a packed bomb ends here. */
const largest = 512 * 1024 * 1024;

/** The bytes of a file that may be packed by gzip, whatever its name. */
export function decompress(bytes: Uint8Array): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
    ? gunzipSync(bytes, { maxOutputLength: largest })
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
