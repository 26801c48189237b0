import { nearest } from '../../text/nearest.ts';
import type { Path } from '../../yaml/path.ts';
import type { Chart } from './Chart.ts';
import { readValuesText, type ValuesText } from './readValuesText.ts';

/** A value that the chart's own defaults do not fit. */
export type Misfit =
  | {
      readonly kind: 'shape';
      readonly path: Path;
      readonly given: string;
      readonly wanted: string;
      /** Where the chart has its default. */
      readonly chart: string;
      readonly line: number;
    }
  | { readonly kind: 'unknown'; readonly path: Path; readonly meant: string | undefined };

/** Defaults that lie at the same place: those of a chart, and those of the one that has it in it. */
interface Layer {
  readonly value: unknown;
  readonly path: Path;
  readonly text: ValuesText;
  /** The chart, at the root of its values only. */
  readonly root: Chart | undefined;
  readonly chart: string;
}

/** Helm gives these to every chart. */
const always = new Set(['global', 'tags']);

/**
 * Compares values with a chart's own defaults: a mapping where the chart has text, or the reverse (Helm
 * exits 0 on that and renders nonsense), and keys that neither the defaults nor any template know.
 * What the chart leaves empty takes anything.
 */
export function compareValues(values: unknown, chart: Chart): readonly Misfit[] {
  const found: Misfit[] = [];
  visit(values, [], [rootLayer(chart, chart.name)], chart, found);
  return found;
}

function visit(
  given: unknown,
  path: Path,
  layers: readonly Layer[],
  chart: Chart,
  found: Misfit[],
): void {
  if (!isMapping(given)) return;
  for (const [key, value] of Object.entries(given)) {
    if (path.length === 0 && always.has(key)) continue;
    const at = [...path, key];
    const below = layers.flatMap((layer) => layersAt(layer, key));
    // An empty one still says that the key is known.
    const known = below.length > 0;
    const decisive = below.find(({ value: one }) => !isEmpty(one));
    if (decisive === undefined) {
      if (!known && !isMentioned(key, chart)) {
        const names = layers.flatMap((layer) => [
          ...(isMapping(layer.value) ? Object.keys(layer.value) : []),
          ...(layer.root?.subcharts.keys() ?? []),
        ]);
        found.push({ kind: 'unknown', path: at, meant: nearest(key, names) });
      }
      continue;
    }
    if (value === null) continue;
    if (isMapping(value) !== isMapping(decisive.value)) {
      found.push({
        ...{ kind: 'shape', path: at, given: shape(value), wanted: shape(decisive.value) },
        ...{ chart: decisive.chart, line: decisive.text.lineOf(decisive.path) },
      });
      continue;
    }
    visit(value, at, below, chart, found);
  }
}

function layersAt(layer: Layer, key: string): readonly Layer[] {
  const { value, path, text, chart, root } = layer;
  const own: Layer[] =
    isMapping(value) && key in value
      ? [{ value: value[key], path: [...path, key], text, chart, root: undefined }]
      : [];
  const subchart = root?.subcharts.get(key);
  return subchart === undefined ? own : [...own, rootLayer(subchart, `${chart}/charts/${key}`)];
}

function rootLayer(root: Chart, chart: string): Layer {
  const text = readValuesText(root.values);
  return { value: text.value, path: [], text, root, chart };
}

/** Charts use values that their defaults do not name. */
function isMentioned(key: string, { mentions }: Chart): boolean {
  const escaped = key.replace(/[^\w-]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`).test(mentions);
}

function isMapping(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function shape(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}
