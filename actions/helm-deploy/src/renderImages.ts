import { writeFile } from 'node:fs/promises';
import type { PostRender } from '../../../shared/helm/arguments.ts';
import { placeImages } from '../../../shared/helm/manifests/placeImages.ts';
import { checkPlaced } from './checkPlaced.ts';
import type { Rendered } from './renderManifest.ts';
import type { PinnedImageAt } from './resolveImages.ts';

/**
 * Puts images by name into what a chart renders: its file is changed, and Helm is given it in the place
 * of what it renders when it deploys.
 *
 * @throws {Failure} when an image is nowhere in it
 */
export async function renderImages(
  { text, file }: Rendered,
  images: readonly PinnedImageAt[],
): Promise<{ readonly text: string; readonly postRender: PostRender }> {
  const named = images.map(({ path, image }) => ({ name: path, image }));
  const { objects, found } = placeImages([{ text }], named);
  checkPlaced(found, text);
  const placed = objects[0]?.text ?? text;
  await writeFile(file, placed, { mode: 0o600 });
  return { text: placed, postRender: { program: 'cat', file } };
}
