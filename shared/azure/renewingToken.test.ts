import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { renewingToken } from './renewingToken.ts';

const minute = 60_000;

/** Issued by a clock that is years off ours. */
function token(minutes: number, name: string): string {
  const claims = { iat: 1_000_000, exp: 1_000_000 + minutes * 60, name };
  return `.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
}

/** Issues these in order; `undefined` is a refusal. */
function start(given: (string | undefined)[]) {
  const clock = { now: 0 };
  const ask = async () => {
    const next = given.shift();
    if (next === undefined) throw new Error('refused');
    return next;
  };
  return { clock, give: renewingToken(ask, { of: 'a test', log: silent, now: () => clock.now }) };
}

describe('renewingToken', () => {
  it('renews after half of a life that the token tells', async () => {
    const [first, second] = [token(60, 'first'), token(60, 'second')];
    const { clock, give } = start([first, second]);
    expect(await Promise.all([give(), give()])).toEqual([first, first]);
    clock.now = 29 * minute;
    expect(await give()).toBe(first);
    clock.now = 31 * minute;
    expect(await give()).toBe(second);
  });

  it('keeps the old one for as long as it is good, and asks again after a pause', async () => {
    const [first, second] = [token(60, 'first'), token(60, 'second')];
    const { clock, give } = start([first, undefined, second]);
    await give();
    clock.now = 31 * minute;
    expect(await give()).toBe(first);
    expect(await give()).toBe(first);
    clock.now = 33 * minute;
    expect(await give()).toBe(second);
  });

  it('fails when the old one has ended', async () => {
    const { clock, give } = start([token(60, 'first'), undefined]);
    await give();
    clock.now = 61 * minute;
    await expect(give()).rejects.toThrow('refused');
  });
});
