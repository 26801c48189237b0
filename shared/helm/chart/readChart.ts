import { parse } from 'yaml';
import type { Chart } from './Chart.ts';
import { archiveFiles, type ChartFiles, chartFiles } from './chartFiles.ts';

interface Metadata {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: readonly Dependency[];
}

interface Dependency {
  readonly name?: string;
  readonly alias?: string;
  readonly condition?: string;
}

/**
 * Reads what a chart's folder or archive tells, with the charts that it depends on.
 *
 * @throws {Error} when it is no chart
 */
export async function readChart(path: string): Promise<Chart> {
  return chartOf(await chartFiles(path));
}

async function chartOf(files: ChartFiles): Promise<Chart> {
  const text = (name: string) => files.get(name)?.toString() ?? '';
  const metadata = metadataOf(text('Chart.yaml'));
  const dependencies = [
    ...(metadata.dependencies ?? []),
    // As charts of Helm 2 have them.
    ...(metadataOf(text('requirements.yaml')).dependencies ?? []),
  ];
  const below = await Promise.all([...groupSubcharts(files).values()].map(subchart));
  const subcharts = new Map(
    below.flatMap((chart) => {
      const names = dependencies
        .filter(({ name }) => name === chart.name)
        .map(({ name, alias }) => alias ?? name ?? '');
      return (names.length === 0 ? [chart.name] : names).map((name) => [name, chart] as const);
    }),
  );
  const templates = [...files].filter(([name]) => name.startsWith('templates/'));
  return {
    name: metadata.name ?? '',
    version: metadata.version ?? '',
    values: text('values.yaml'),
    mentions: [
      ...templates.map(([, content]) => content.toString()),
      text('values.schema.json'),
      ...dependencies.map(({ condition = '' }) => condition),
      ...below.map(({ mentions }) => mentions),
    ].join('\n'),
    crds: [
      ...[...files]
        .filter(([name]) => /^crds\/.*\.(ya?ml|json)$/.test(name))
        .map(([name, content]) => ({ file: name, text: content.toString() })),
      ...below.flatMap(({ crds }) => crds),
    ],
    subcharts,
  };
}

/** The files of each chart in `charts/`: a folder, or an archive. */
function groupSubcharts(files: ChartFiles): ReadonlyMap<string, ChartFiles | Uint8Array> {
  const groups = new Map<string, Map<string, Buffer> | Uint8Array>();
  for (const [path, content] of files) {
    const [, name = '', rest] = /^charts\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
    if (name === '' || /^[_.]/.test(name)) continue;
    if (rest === undefined) {
      if (/\.t(ar\.)?gz$/.test(name)) groups.set(name, content);
      continue;
    }
    const group = groups.get(name);
    if (group instanceof Map) group.set(rest, content);
    else groups.set(name, new Map([[rest, content]]));
  }
  return groups;
}

async function subchart(files: ChartFiles | Uint8Array): Promise<Chart> {
  return chartOf(files instanceof Uint8Array ? await archiveFiles(files) : files);
}

function metadataOf(text: string): Metadata {
  return (parse(text, { uniqueKeys: false, logLevel: 'error' }) as Metadata | null) ?? {};
}
