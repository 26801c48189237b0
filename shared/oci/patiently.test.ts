import { describe, expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import { silent } from '../log/Log.ts';
import { Passing, retryAfter } from './Passing.ts';
import { type Patience, patiently } from './patiently.ts';

/** Time that passes only by sleeping. */
function patience(forMs: number, signal?: AbortSignal) {
  const slept: number[] = [];
  const said: string[] = [];
  let now = 0;
  const given: Patience = {
    until: forMs,
    log: { ...silent, info: (text) => said.push(text) },
    signal,
    now: () => now,
    random: () => 1,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
  return { given, slept, said };
}

/** Fails so in turn, then succeeds. */
function failing(...failures: readonly unknown[]) {
  const left = [...failures];
  return async (tries: number) => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return tries;
  };
}

const passing = (waitMs?: number) => new Passing({ what: 'It was answered with 503.' }, { waitMs });
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe('patiently', () => {
  it.each<[string, unknown[], number[]]>([
    ['nothing fails', [], []],
    ['the waits grow', [passing(), passing(), passing()], [500, 1000, 2000]],
    ['not for ever', Array(8).fill(passing()), [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]],
    ['as the server says', [passing(7000), passing(0), passing()], [7000, 0, 2000]],
    ['a fault of the network', [reset, new Failure({ what: 'x', cause: reset })], [500, 1000]],
  ])('%s', async (_name, failures, waits) => {
    const { given, slept, said } = patience(100_000);
    expect(await patiently('Pushing x', failing(...failures), given)).toBe(failures.length + 1);
    expect(slept).toEqual(waits);
    expect(said).toHaveLength(waits.length);
  });

  it('says what it waits for', async () => {
    const { given, said } = patience(100_000);
    await patiently('Pushing x', failing(passing(2000), passing()), given);
    expect(said).toEqual([
      'Pushing x is tried again in 2.0 s, as the registry says (1). It was answered with 503.',
      'Pushing x is tried again in 1.0 s (2). It was answered with 503.',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a refusal', new Failure({ what: 'It is denied.' }), 'It is denied.'],
    ['a defect', new TypeError('x is undefined'), 'x is undefined'],
  ])('does not try again after %s', async (_name, failure, message) => {
    const { given, slept } = patience(100_000);
    await expect(patiently('Pushing x', failing(failure), given)).rejects.toThrow(message);
    expect(slept).toEqual([]);
  });

  it('tries only so often what may be a fault of ours', async () => {
    const { given, slept } = patience(100_000);
    const failure = new Passing({ what: 'Other content.' }, { atMost: 3 });
    const always = failing(failure, failure, failure, failure);
    await expect(patiently('Pushing x', always, given)).rejects.toThrow('Other content.');
    expect(slept).toHaveLength(2);
  });

  it.each<[string, Passing, string]>([
    ['the time is over', passing(), 'did not succeed in the time that there was. It was answered'],
    ['the server wants too much of it', passing(9000), 'wants 9 s of patience, which is longer.'],
  ])('gives up when %s', async (_name, failure, message) => {
    const { given } = patience(2000);
    const always = failing(...Array(9).fill(failure));
    await expect(patiently('Pushing x', always, given)).rejects.toThrow(message);
  });

  it('stops when the job is cancelled', async () => {
    const controller = new AbortController();
    const { given } = patience(100_000, controller.signal);
    const work = async () => {
      controller.abort(new Error('cancelled'));
      throw passing();
    };
    await expect(patiently('Pushing x', work, given)).rejects.toThrow('cancelled');
  });
});

describe('retryAfter', () => {
  const now = Date.parse('2026-11-24T00:00:00Z');
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    [' 12 ', 12_000],
    ['Tue, 24 Nov 2026 00:00:05 GMT', 5000],
    ['Mon, 23 Nov 2026 00:00:00 GMT', 0],
  ])('%j is %j', (header, expected) => {
    expect(retryAfter(header, now)).toBe(expected);
  });
});
