import { oneLine } from '../log/oneLine.ts';
import type { Seen } from '../verify/Check.ts';
import type { Sample } from './queryPrometheus.ts';

/** What each value of a query has to be. */
export interface Threshold {
  readonly is: 'below' | 'at most' | 'at least' | 'above';
  readonly bound: number;
}

const holds: Readonly<Record<Threshold['is'], (value: number, bound: number) => boolean>> = {
  below: (value, bound) => value < bound,
  'at most': (value, bound) => value <= bound,
  'at least': (value, bound) => value >= bound,
  above: (value, bound) => value > bound,
};

/** Compares each value with the threshold; one that is no number (0/0) is none that holds. */
export function judgeSamples(
  name: string,
  samples: readonly Sample[],
  { is, bound }: Threshold,
): Seen {
  const wrong = samples.find(({ value }) => !holds[is](value, bound));
  if (wrong === undefined)
    return {
      note: samples
        .map(({ value }) => shown(value))
        .slice(0, 3)
        .join(', '),
    };
  const pairs = Object.entries(wrong.labels).map(([key, value]) => `${key}="${value}"`);
  const series = pairs.length === 0 ? '' : ` for {${oneLine(pairs.join(', '), 300)}}`;
  return {
    problem: {
      kind: 'violation',
      what: `${name}: it is ${shown(wrong.value)}${series}, and has to be ${is} ${shown(bound)}`,
      remedy: Number.isNaN(wrong.value)
        ? 'A division by zero is no number: write the query so that it gives one, or end it with `or vector(0)`.'
        : 'Look at what this query measures since the rollout.',
    },
  };
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
