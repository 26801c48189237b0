import { isMap, isScalar, isSeq } from 'yaml';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Chart } from '../../../../shared/helm/chart/Chart.ts';
import { compareValues, type Misfit } from '../../../../shared/helm/chart/compareValues.ts';
import { readValuesText, type ValuesText } from '../../../../shared/helm/chart/readValuesText.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { type Path, pathText } from '../../../../shared/yaml/path.ts';
import type { Inputs } from '../inputs.ts';
import type { ValuesLayer } from './layValues.ts';

/**
 * Compares each source of values with the chart's own defaults. No value is quoted: it may be a secret.
 *
 * @throws {AggregateError} of a {@link Failure} for each that has another shape; for each key that the
 * chart does not know, too, when `unknown-values` is `fail`
 */
export function checkValues(
  layers: readonly ValuesLayer[],
  chart: Chart,
  unknownValues: Inputs['unknownValues'],
  log: Log,
): void {
  const problems: Failure[] = [];
  for (const layer of layers) {
    const text = readValuesText(layer.text);
    for (const misfit of compareValues(text.value, chart)) {
      if (misfit.kind === 'unknown' && isAnchor(text, misfit.path)) continue;
      const failure = explain(misfit, layer, text, chart);
      if (misfit.kind === 'shape' || unknownValues === 'fail') problems.push(failure);
      else if (unknownValues === 'warn')
        log.warning(failure.message, layer.isFile ? failure.place : undefined);
    }
  }
  if (problems.length > 0) throw new AggregateError(problems, 'The values do not fit the chart.');
}

/** A key may be there for nothing but to be repeated elsewhere in the file. */
function isAnchor({ document }: ValuesText, path: Path): boolean {
  const node = document.getIn(path, true);
  return (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined;
}

function explain(misfit: Misfit, layer: ValuesLayer, text: ValuesText, chart: Chart): Failure {
  const line = text.lineOf(misfit.path);
  const at = / (set|secret-values)$/.test(layer.name) ? layer.name : `${layer.name}:${line}`;
  const name = oneLine(pathText(misfit.path));
  const place = layer.isFile ? { file: layer.name, line } : undefined;
  if (misfit.kind === 'unknown') {
    const { meant } = misfit;
    return new Failure({
      what: `${at}: ${name}: the chart ${oneLine(chart.name)} does not know this key.`,
      remedy:
        meant === undefined
          ? 'Look at its values.yaml (`helm show values`); Helm ignores what no template uses.'
          : `Did you mean ${oneLine(meant)}?`,
      place,
    });
  }
  return new Failure({
    what: `${at}: ${name} is ${misfit.given}, and the chart has ${misfit.wanted} there (${oneLine(misfit.chart)}/values.yaml:${misfit.line}).`,
    why: 'Helm would take it without a word, and templates would print nonsense.',
    remedy: `Write ${misfit.wanted}, as the chart's own values.yaml does.`,
    place,
  });
}
