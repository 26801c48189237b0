import type { Bar, Section } from '../../../shared/report/gantt.ts';
import type { ObjectTime } from './RolloutTimes.ts';
import type { CheckResult } from './verify/verify.ts';

/** When what went on in a rollout; times by `performance.now()`. */
export interface Times {
  /** When the watch began, with Helm. */
  readonly beganMs: number;
  /** When Helm took it for ready, or gave up. */
  readonly helmMs: number;
  readonly objects: readonly ObjectTime[];
  /** When all had stayed ready for the settle time. */
  readonly settledMs: number | undefined;
  readonly settleMs: number;
  readonly checks: readonly CheckResult[];
}

/** More bars are not read. */
const mostObjects = 20;

/** The bars of a rollout: each object until it was ready, the settle time, and each check. */
export function rolloutSections(times: Times): readonly Section[] {
  const { beganMs, helmMs, objects, settledMs, settleMs, checks } = times;
  const endMs = Math.max(helmMs, settledMs ?? 0, ...checks.map(({ toMs }) => toMs));
  const bar = (name: string, fromMs: number, toMs: number, state: Bar['state']): Bar => ({
    ...{ name, state, fromMs: fromMs - beganMs, toMs: toMs - beganMs, durationMs: toMs - fromMs },
  });
  // A moment is no bar; an object that was never ready took all the time.
  const rollout = objects
    .map(({ object, readyMs }) =>
      bar(object, beganMs, readyMs ?? endMs, readyMs === undefined ? 'failed' : 'done'),
    )
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, mostObjects)
    .toSorted((a, b) => a.toMs - b.toMs);
  const settle =
    settledMs === undefined || settleMs === 0
      ? []
      : [bar('settle', Math.max(beganMs, settledMs - settleMs), settledMs, 'done')];
  const proof = checks.map(({ name, fromMs, toMs, state }) =>
    bar(name, fromMs, toMs, state === 'failed' || state === 'incomplete' ? 'failed' : 'done'),
  );
  return [
    { name: 'Objects', bars: rollout },
    { name: 'Proof', bars: [...settle, ...proof] },
  ].filter(({ bars }) => bars.length > 0);
}
