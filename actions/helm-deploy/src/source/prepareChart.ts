import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Chart } from '../../../../shared/helm/chart/Chart.ts';
import { readChart } from '../../../../shared/helm/chart/readChart.ts';
import type { ManifestObject } from '../../../../shared/helm/manifests/ManifestObject.ts';
import { type Wrapped, wrapAsChart } from '../../../../shared/helm/manifests/wrapAsChart.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { SourceInputs } from '../inputs.ts';
import type { Cluster } from '../openCluster.ts';
import { pullChart } from './pullChart.ts';
import { readObjects } from './readObjects.ts';
import { type RemoteChart, whyUnpinned } from './Source.ts';

/** What is deployed, as files of this machine. */
export type Prepared =
  | {
      readonly kind: 'chart';
      readonly path: string;
      readonly read: () => Promise<Chart>;
      /** Where it was fetched: of the registry's manifest, or of the archive. */
      readonly digest?: string;
    }
  | {
      readonly kind: 'objects';
      readonly from: string;
      readonly objects: readonly ManifestObject[];
    };

/**
 * Has what is deployed at hand: a chart is fetched once, objects are rendered.
 *
 * @throws {Failure} when it cannot be had, is not pinned where it has to be, or is wrong
 */
export async function prepareChart(
  inputs: SourceInputs,
  { helm }: Pick<Cluster, 'helm'>,
  runner: Runner,
): Promise<Prepared> {
  const { source } = inputs;
  if (source.kind === 'local') return chartAt(source.path);
  if (source.kind === 'remote') {
    checkPinned(source, inputs.requirePinned);
    const folder = join(runner.tempDir, 'pulled');
    const { path, digest } = await pullChart(source, helm, folder, runner.signal);
    const chart = await chartAt(path).read();
    const resolved = oneLine(`${chart.name} ${chart.version} ${digest}`);
    runner.output('chart-resolved', resolved);
    const why = whyUnpinned(source);
    const note = why === undefined ? '' : ` It is not pinned: ${oneLine(why)}.`;
    runner.log.info(`Chart ${oneLine(source.chart)}: ${resolved}.${note}`);
    return { kind: 'chart', path, digest, read: async () => chart };
  }
  const workspace = runner.env.GITHUB_WORKSPACE ?? '.';
  const objects = await readObjects(source, inputs, runner);
  const from = relative(workspace, source.path) || '.';
  if (objects.length > 0) return { kind: 'objects', from, objects };
  throw new Failure({
    what: `Input chart: ${from} has no objects.`,
    remedy:
      'Write the folder in which the manifests lie; an empty release would remove everything.',
  });
}

/** Writes objects as a chart, and tells where it is. */
export async function writeChart(wrapped: Wrapped, folder: string): Promise<string> {
  for (const [name, content] of wrapAsChart(wrapped)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: 0o600 });
  }
  return folder;
}

function checkPinned(source: RemoteChart, required: boolean): void {
  const why = whyUnpinned(source);
  if (!required || why === undefined) return;
  throw new Failure({
    what: `Input chart: ${oneLine(source.chart)} is not pinned, and require-pinned is set.`,
    why: oneLine(why),
    remedy: 'Give one version in `chart-version`, or the digest (`chart-digest`, or `@sha256:…`).',
  });
}

function chartAt(path: string): Extract<Prepared, { kind: 'chart' }> {
  let chart: Promise<Chart> | undefined;
  const read = () => {
    chart ??= readChart(path).catch((error: unknown) => {
      throw new Failure({
        what: `Input chart: it is not a chart (${oneLine(path)}).`,
        why: oneLine((error as Error).message.split('\n')[0] ?? '', 300),
        remedy: 'Look at it with `helm show chart`.',
        cause: error,
      });
    });
    return chart;
  };
  return { kind: 'chart', path, read };
}
