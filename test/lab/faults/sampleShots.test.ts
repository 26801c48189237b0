import { describe, expect, it } from '@jest/globals';
import { sampleShots } from './sampleShots.ts';

describe('sampleShots', () => {
  const plan = { seed: 7, count: 4, untilMs: 1000, everyMs: 250, full: false };

  it('takes the same sample for the same seed, in order of time, and shows it', () => {
    const lines: string[] = [];
    const sample = sampleShots({ ...plan, print: (line) => lines.push(line) });
    expect(sample).toHaveLength(4);
    expect(sampleShots({ ...plan, print: () => {} })).toEqual(sample);
    expect(sampleShots({ ...plan, seed: 8, print: () => {} })).not.toEqual(sample);
    const times = sample.map(({ afterMs }) => afterMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const shown = sample.map(({ signal, afterMs }) => `${signal}@${afterMs}`).join(' ');
    expect(lines).toEqual([`sweep: 4 of 15 shots (seed 7): ${shown}`]);
  });

  it('takes all in the full form', () => {
    const all = sampleShots({ ...plan, full: true, signals: ['cancel'], print: () => {} });
    expect(all.map(({ afterMs }) => afterMs)).toEqual([0, 250, 500, 750, 1000]);
  });
});
