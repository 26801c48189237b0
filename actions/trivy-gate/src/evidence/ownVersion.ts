import { readFile } from 'node:fs/promises';
import { digestOf } from '../../../../shared/oci/putManifest.ts';
import type { Digest } from '../../../../shared/oci/Reference.ts';

/**
 * What names the code that judges. A version of ours stays the same between releases; the bundle does
 * not, and its name of each chunk is a digest of the chunk, so that the entry stands for all of it.
 *
 * @param entry the file that the runner started
 */
export async function ownVersion(entry: string): Promise<Digest> {
  return digestOf(await readFile(entry));
}
