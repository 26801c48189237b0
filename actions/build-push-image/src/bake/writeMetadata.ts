import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type BakePart, bakeFile } from '../metadata/bakeFile.ts';
import type { BakeInputs } from '../options/readBake.ts';

/**
 * Writes what images are called as a last bake file, for the targets that inherit it.
 *
 * @returns its path; none where nothing is called by the inputs
 */
export async function writeMetadata(
  { metadata }: Pick<BakeInputs, 'metadata'>,
  canAnnotate: boolean,
  { tempDir }: Pick<Runner, 'tempDir'>,
): Promise<readonly string[]> {
  if (metadata.tags.length === 0) return [];
  const parts: BakePart[] = canAnnotate ? ['tags', 'labels', 'annotations'] : ['tags', 'labels'];
  const file = join(tempDir, 'docker-metadata.json');
  await writeFile(file, bakeFile(metadata, parts));
  return [file];
}
