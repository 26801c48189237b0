import { describe, expect, it } from '@jest/globals';
import { RolloutTimes } from './RolloutTimes.ts';
import { rolloutSections, type Times } from './rolloutSections.ts';

const times = (fields: Partial<Times>): Times => ({
  ...{ beganMs: 100, helmMs: 1100, objects: [], settledMs: undefined, settleMs: 2000, checks: [] },
  ...fields,
});
const check = (state: 'held' | 'failed' | 'stopped') => ({
  ...{ name: state, state, note: '', fromMs: 1100, toMs: 3100 },
});

describe('the bars of a rollout', () => {
  it.each<[string, Partial<Times>, readonly string[]]>([
    ['nothing', {}, []],
    [
      'objects, in the order in which they were ready',
      {
        objects: [
          { object: 'slow', readyMs: 900 },
          { object: 'fast', readyMs: 200 },
        ],
      },
      ['Objects fast 0-100 done', 'Objects slow 0-800 done'],
    ],
    [
      'one that was never ready',
      { objects: [{ object: 'web', readyMs: undefined }] },
      ['Objects web 0-1000 failed'],
    ],
    ['the settle time', { settledMs: 3100 }, ['Proof settle 1000-3000 done']],
    ['no settle time', { settledMs: 3100, settleMs: 0 }, []],
    [
      'checks',
      { checks: [check('held'), check('failed'), check('stopped')] },
      [
        'Proof held 1000-3000 done',
        'Proof failed 1000-3000 failed',
        'Proof stopped 1000-3000 done',
      ],
    ],
  ])('%s', (_name, fields, expected) => {
    const lines = rolloutSections(times(fields)).flatMap(({ name, bars }) =>
      bars.map((bar) => `${name} ${bar.name} ${bar.fromMs}-${bar.toMs} ${bar.state}`),
    );
    expect(lines).toEqual(expected);
  });

  it('are those of the longest of many objects', () => {
    const objects = Array.from({ length: 1000 }, (_, index) => ({
      ...{ object: `o${index}`, readyMs: 100 + index },
    }));
    const [section] = rolloutSections(times({ objects }));
    expect(section?.bars.map(({ name }) => name)).toEqual(
      objects.slice(-20).map(({ object }) => object),
    );
  });
});

describe('when an object was ready', () => {
  const seen = (done: boolean, fields: object = {}) =>
    ({ kind: 'Deployment', name: 'web', uid: 'u', generation: 2, done, ...fields }) as Parameters<
      RolloutTimes['note']
    >[0][number];

  it.each<[string, readonly boolean[], number, number | undefined | 'none']>([
    ['at once, since it is new', [true], 1, 0],
    ['after a while', [false, false, true], 1, 2],
    ['for good, after it was not once more', [false, true, false, true], 1, 3],
    ['not at the end', [true, false], 1, undefined],
    ['was before, and is not touched', [true, true], 2, 'none'],
    ['was before, and was shaken', [true, false, true], 2, 2],
  ])('%s', (_name, looks, generationBefore, expected) => {
    const rollout = new RolloutTimes(
      new Map([['u', { generation: generationBefore, done: true }]]),
    );
    for (const [index, done] of looks.entries()) rollout.note([seen(done)], index);
    const [found] = rollout.all;
    expect(found === undefined ? 'none' : found.readyMs).toBe(expected);
  });
});
