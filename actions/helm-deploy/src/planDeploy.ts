import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import { imageValues, NoImageThere } from '../../../shared/helm/setImage.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import type { Inputs } from './inputs.ts';
import type { Cluster } from './openCluster.ts';

/**
 * Writes the values to files of the step's own, and plans the upgrade. The order in which they are
 * merged: the chart's defaults, `value-files`, `values`, `images`.
 *
 * @throws {Failure} when the chart's own values cannot be read, or want no image where one is given
 */
export async function planDeploy(
  inputs: Inputs,
  cluster: Pick<Cluster, 'helm'>,
  runner: Runner,
): Promise<UpgradePlan> {
  const valueFiles = [...inputs.valueFiles];
  const write = (name: string, content: string) => {
    const path = join(runner.tempDir, name);
    writeFileSync(path, content, { mode: 0o600 });
    valueFiles.push(path);
  };
  if (inputs.values !== undefined) write('values.yaml', inputs.values);
  if (inputs.images.length > 0) {
    const defaults = readDefaults(await defaultsOf(inputs.chart, cluster), inputs.chart);
    for (const [index, { path, image }] of inputs.images.entries()) {
      // JSON is YAML; one file an image lets Helm merge them.
      write(`image-${index}.json`, JSON.stringify(valuesFor(defaults, path, image)));
    }
  }
  return {
    chart: inputs.chart,
    release: inputs.release,
    namespace: inputs.namespace,
    createNamespace: inputs.createNamespace,
    timeoutMs: inputs.timeoutMs,
    valueFiles,
  };
}

async function defaultsOf(chart: string, { helm }: Pick<Cluster, 'helm'>): Promise<string> {
  const isFolder = !chart.startsWith('oci://') && !/\.t(ar\.)?gz$/.test(chart);
  if (!isFolder) return helm.showValues(chart);
  return readFile(join(chart, 'values.yaml'), 'utf8').catch(() => '');
}

/** As far as Helm's own reader is lenient (keys twice, keys merged by `<<`), so are we. */
function readDefaults(text: string, chart: string): unknown {
  try {
    return parse(text, { uniqueKeys: false, merge: true, logLevel: 'error' });
  } catch (error) {
    throw new Failure({
      what: `Input chart: values.yaml of ${chart} is not YAML.`,
      why: `${oneLine((error as Error).message.split('\n')[0] ?? '', 300)}.`,
      remedy: 'Correct it; `images` looks there for where the chart wants them.',
      cause: error,
    });
  }
}

function valuesFor(defaults: unknown, path: string, image: Inputs['images'][number]['image']) {
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
