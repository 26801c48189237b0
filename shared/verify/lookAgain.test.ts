import { describe, expect, it } from '@jest/globals';
import type { Problem, Seen } from './Check.ts';
import { lookAgain } from './lookAgain.ts';

const problem = (kind: Problem['kind']): Seen => ({ problem: { kind, what: kind, remedy: '' } });
const looks: Readonly<Record<string, Seen>> = {
  g: { note: 'good' },
  v: problem('violation'),
  a: problem('away'),
  u: problem('unjudged'),
};

/** The last word of a row goes on for ever. */
async function run(row: string, failures: number, soakMs: number) {
  let count = 0;
  const look = async () => looks[row[Math.min(count++, row.length - 1)] ?? 'g'] as Seen;
  const soak = { untilMs: performance.now() + soakMs, signal: new AbortController().signal };
  const seen = await lookAgain(look, { everyMs: 1, failures }, soak);
  return [Object.keys(looks).find((key) => looks[key] === seen), count];
}

describe('a check through the soak', () => {
  it.each<[string, string, number, number, string, number | undefined]>([
    ['one look without a soak', 'g', 1, 0, 'g', 1],
    ['the first trouble ends it', 'gv', 1, 1000, 'v', 2],
    ['so many in a row', 'gvvgvvv', 3, 1000, 'v', 7],
    ['trouble at the end of the soak is looked at again', 'vg', 2, 0, 'g', 2],
    ['what is away for a moment', 'gaaaag', 1, 5, 'g', undefined],
    ['what stays away', 'ga', 1, 1000, 'a', 6],
    ['what is away between troubles', 'vav', 2, 1000, 'v', 3],
    ['what cannot be judged', 'gu', 3, 1000, 'u', 2],
  ])('%s', async (_name, row, failures, soakMs, expected, count) => {
    const [seen, looked] = await run(row, failures, soakMs);
    expect(seen).toBe(expected);
    if (count !== undefined) expect(looked).toBe(count);
  });

  it('ends when it is aborted', async () => {
    const ending = new AbortController();
    const soak = { untilMs: performance.now() + 60_000, signal: ending.signal };
    const run = lookAgain(async () => looks.g as Seen, { everyMs: 60_000, failures: 1 }, soak);
    ending.abort();
    expect(await run).toBe(looks.g);
  });
});
