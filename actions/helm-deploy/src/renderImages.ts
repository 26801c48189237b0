import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { PostRender, UpgradePlan } from '../../../shared/helm/arguments.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import { placeImages } from '../../../shared/helm/manifests/placeImages.ts';
import { preparePostRender } from '../../../shared/helm/postRenderers.ts';
import { checkPlaced } from './checkPlaced.ts';
import type { ImageAt } from './inputs.ts';
import type { Cluster } from './openCluster.ts';

/**
 * Puts images by name into what a chart renders: it is rendered once to a file, the file is changed, and
 * Helm is given it in the place of what it renders when it deploys.
 *
 * @throws {Failure} when the chart cannot be rendered, or an image is nowhere in it
 */
export async function renderImages(
  plan: UpgradePlan,
  images: readonly ImageAt[],
  { helm }: Pick<Cluster, 'helm'>,
  runner: Pick<Runner, 'tempDir' | 'signal'>,
): Promise<PostRender> {
  const file = join(runner.tempDir, 'manifest.yaml');
  await preparePostRender(file);
  const outcome = await helm.dryRun(
    { ...plan, postRender: { program: 'tee', file } },
    runner.signal,
  );
  runner.signal.throwIfAborted();
  const text = await readFile(file, 'utf8');
  // Helm may fail on what comes after the rendering; the deploy itself tells that better.
  if (text === '') {
    throw new Failure({
      ...explainHelmError(outcome.startError ?? outcome.stderr),
      details: outcome.stderr,
    });
  }
  const named = images.map(({ path, image }) => ({ name: path, image }));
  const { objects, found } = placeImages([{ text }], named);
  checkPlaced(found, text);
  await writeFile(file, objects[0]?.text ?? text, { mode: 0o600 });
  return { program: 'cat', file };
}
