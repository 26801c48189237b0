import type { Bar, Section } from '../../../../shared/report/gantt.ts';
import type { Step } from './BuildProgress.ts';
import { groupOf } from './describeStep.ts';

/** Preparations that are shorter only hide the rest. */
const shortMs = 500;
/** More bars are not read, and GitHub draws no picture of more than some hundred. */
const mostBars = 30;

/**
 * The stages of a build with the times of their steps, in the order in which they began.
 *
 * @returns the sections, of the longest steps, and how many steps were left out
 */
export function timeline(
  steps: readonly Step[],
  most = mostBars,
): {
  readonly sections: readonly Section[];
  readonly left: number;
} {
  const timed = steps.flatMap((step) => {
    const { startedAt, endedAt = startedAt, kind, durationMs, error } = step;
    if (kind === 'prepare' && durationMs < shortMs && error === undefined) return [];
    return startedAt === undefined || endedAt === undefined ? [] : [{ step, startedAt, endedAt }];
  });
  const begin = timed.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
  const longest = timed
    .toSorted((a, b) => b.step.durationMs - a.step.durationMs || a.startedAt - b.startedAt)
    .slice(0, most)
    .toSorted((a, b) => a.startedAt - b.startedAt);
  const sections = new Map<string, Bar[]>();
  for (const { step, startedAt, endedAt } of longest) {
    const name = groupOf(step);
    const bars = sections.get(name) ?? [];
    sections.set(name, bars);
    bars.push({
      name: [step.position, step.text].filter(Boolean).join(' '),
      fromMs: startedAt - begin,
      toMs: endedAt - begin,
      durationMs: step.durationMs,
      state: step.error === undefined ? (step.cached ? 'cached' : 'done') : 'failed',
    });
  }
  return {
    sections: [...sections].map(([name, bars]) => ({ name, bars })),
    left: timed.length - longest.length,
  };
}
