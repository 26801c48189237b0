import { describe, expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { renewing } from './renewing.ts';

const minute = 60_000;

/** A source of numbered credentials that live for `lifeMinutes`; the test moves the clock. */
function source(lifeMinutes: number | undefined) {
  const state = { now: 0, issued: 0, fails: false };
  const ask = renewing(
    async () => {
      await Promise.resolve();
      if (state.fails) throw new Error('Entra is away.');
      state.issued++;
      return {
        credential: { username: 'u', password: String(state.issued) },
        expiresAt: lifeMinutes === undefined ? undefined : state.now + lifeMinutes * minute,
      };
    },
    { registry: 'r.test', log: silent, now: () => state.now },
  );
  return {
    state,
    askAt: async (minutes: number) => {
      state.now = minutes * minute;
      return ((await ask()) as { password: string }).password;
    },
  };
}

describe('renewing', () => {
  it.each<[string, number | undefined, number[], string[]]>([
    ['is asked for once', 180, [0, 60, 174], ['1', '1', '1']],
    [
      'is renewed when less than five minutes are left',
      180,
      [0, 175, 176, 351.5],
      ['1', '1', '2', '3'],
    ],
    ['is renewed after its end', 180, [0, 500], ['1', '2']],
    ['that does not end is never renewed', undefined, [0, 100_000], ['1', '1']],
    ['that lives shorter than that is new each time', 4, [0, 0, 1], ['1', '2', '3']],
  ])('a credential %s', async (_name, life, times, expected) => {
    const { askAt } = source(life);
    const got: string[] = [];
    for (const time of times) got.push(await askAt(time));
    expect(got).toEqual(expected);
  });

  it('all who ask meanwhile share one renewal', async () => {
    const { askAt, state } = source(60);
    await askAt(0);
    expect(await Promise.all([58, 58, 58].map(askAt))).toEqual(['2', '2', '2']);
    expect(state.issued).toBe(2);
  });

  it('an old credential is used for as long as a new one cannot be had', async () => {
    const { askAt, state } = source(60);
    await askAt(0);
    state.fails = true;
    expect(await askAt(58)).toBe('1');
    await expect(askAt(59.9)).rejects.toThrow('Entra is away.');
    state.fails = false;
    expect(await askAt(59.9)).toBe('2');
  });

  it('a refusal is not remembered', async () => {
    const { askAt, state } = source(60);
    state.fails = true;
    await expect(askAt(0)).rejects.toThrow('Entra is away.');
    state.fails = false;
    expect(await askAt(0)).toBe('1');
  });
});
