import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Chart } from '../../../shared/helm/chart/Chart.ts';
import { readValuesText } from '../../../shared/helm/chart/readValuesText.ts';
import { hasValue, imageValues, NoImageThere } from '../../../shared/helm/setImage.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { checkPinnedImages } from './checkPinnedImages.ts';
import type { Inputs } from './inputs.ts';
import type { Cluster } from './openCluster.ts';
import { renderImages } from './renderImages.ts';
import { renderManifest } from './renderManifest.ts';
import type { PinnedImageAt } from './resolveImages.ts';
import type { Prepared } from './source/prepareChart.ts';
import { checkValues } from './values/checkValues.ts';
import { layValues } from './values/layValues.ts';

/**
 * Lays out the values of a chart, checks them against its own, and puts the images where its values
 * want them; those for which it has no value go into what it renders.
 *
 * @throws {Failure} when the chart cannot be read, values do not fit it, or an image is nowhere
 */
export async function planChart(
  { path, read }: Extract<Prepared, { kind: 'chart' }>,
  inputs: Inputs,
  images: readonly PinnedImageAt[],
  base: Omit<UpgradePlan, 'chart' | 'valueFiles'>,
  cluster: Pick<Cluster, 'helm'>,
  runner: Runner,
): Promise<Pick<UpgradePlan, 'chart' | 'valueFiles' | 'postRender'>> {
  const layers = await layValues(inputs, runner);
  const valueFiles = layers.map((layer) => layer.path);
  const plain = layers.length === 0 && images.length === 0;
  if (plain && !inputs.requirePinned) return { chart: path, valueFiles };
  const chart = await read();
  const defaults = readDefaults(chart, path);
  if (layers.length > 0) checkValues(layers, chart, inputs.unknownValues, runner.log);
  const byName: PinnedImageAt[] = [];
  for (const [index, image] of images.entries()) {
    if (!hasValue(defaults, image.path) && !isUsed(image.path, chart)) {
      byName.push(image);
      continue;
    }
    const file = join(runner.tempDir, `image-${index}.json`);
    // JSON is YAML; one file an image lets Helm merge them.
    writeFileSync(file, JSON.stringify(valuesFor(defaults, image)), { mode: 0o600 });
    valueFiles.push(file);
  }
  const plan = { chart: path, valueFiles };
  if (byName.length === 0 && !inputs.requirePinned) return plan;
  const rendered = await renderManifest({ ...base, ...plan }, cluster, runner);
  if (byName.length === 0) {
    checkPinnedImages(rendered.text);
    return plan;
  }
  const { text, postRender } = await renderImages(rendered, byName);
  if (inputs.requirePinned) checkPinnedImages(text);
  return { ...plan, postRender };
}

/** A template may use a value that the defaults do not have. */
function isUsed(path: string, { mentions }: Chart): boolean {
  return mentions.includes(`.Values.${path}`);
}

function readDefaults(chart: Chart, path: string): unknown {
  try {
    return readValuesText(chart.values).value;
  } catch (error) {
    throw new Failure({
      what: `Input chart: values.yaml of ${oneLine(path)} is not YAML.`,
      why: `${oneLine((error as Error).message, 300)}.`,
      remedy: 'Correct it; values and images are compared with it.',
      cause: error,
    });
  }
}

function valuesFor(defaults: unknown, { path, image }: PinnedImageAt) {
  try {
    return imageValues(defaults, path, image);
  } catch (error) {
    if (!(error instanceof NoImageThere)) throw error;
    throw new Failure({
      what: `Input images: ${error.message}.`,
      remedy: "Write the path under which the chart's values.yaml has the image.",
    });
  }
}
