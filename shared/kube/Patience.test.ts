import { describe, expect, it } from '@jest/globals';
import type { Cause } from './diagnose.ts';
import { forControllersMs, forOthersMs, heals, Patience } from './Patience.ts';

function cause(patienceMs: number, more: Partial<Cause> = {}): Cause {
  return { chain: 'Deployment/web', reason: 'Why', message: '', remedy: '', patienceMs, ...more };
}

const crash = (run: number, exitCode = 1, patienceMs = forOthersMs) =>
  cause(patienceMs, { chain: 'container app', crash: { run: String(run), exitCode, whole: true } });

describe('Patience with a cause', () => {
  it('is at its end at once, and never, as the cause says', () => {
    const atOnce = cause(0);
    expect(new Patience().judge([cause(heals), atOnce], 5).certain).toBe(atOnce);
    expect(new Patience().judge([cause(heals)], 5)).toEqual({});
    expect(new Patience().judge([], 5)).toEqual({});
  });

  it('counts from when it saw the cause first, and tells when to look again', () => {
    const patience = new Patience();
    const account = cause(forControllersMs);
    expect(patience.judge([account], 100)).toEqual({ againInMs: forControllersMs });
    expect(patience.judge([account], 4100)).toEqual({ againInMs: 6000 });
    expect(patience.judge([account], 10_100).certain).toBe(account);
  });

  it.each<[string, Cause[]]>([
    ['goes', []],
    ['may heal for a while', [cause(heals)]],
    ['gives way to another', [cause(forControllersMs, { reason: 'Other' })]],
  ])('begins anew when the cause %s', (_name, meanwhile) => {
    const patience = new Patience();
    patience.judge([cause(forControllersMs)], 0);
    patience.judge(meanwhile, 9000);
    expect(patience.judge([cause(forControllersMs)], 11_000).certain).toBeUndefined();
  });
});

describe('Patience with a program that crashes', () => {
  const bad = 'start 12:01\nError: no variable DATABASE_URL at 0x00c0ffee00\n';
  it.each<[string, [exitCode: number, log: string][], boolean]>([
    [
      'in the same way',
      [
        [1, bad],
        [1, bad.replace('12:01', '12:02').replace('c0ffee00', 'c0ffee01')],
        [1, bad],
      ],
      true,
    ],
    [
      'without a word',
      [
        [1, ''],
        [1, ''],
        [1, ''],
      ],
      true,
    ],
    [
      'in the same way, of which one could not be read',
      [
        [1, bad],
        [1, ''],
        [1, bad],
      ],
      true,
    ],
    [
      'twice only',
      [
        [1, bad],
        [1, bad],
      ],
      false,
    ],
    [
      'with other words',
      [
        [1, bad],
        [1, bad],
        [1, 'Error: disk full'],
      ],
      false,
    ],
    [
      'with another exit code',
      [
        [1, bad],
        [1, bad],
        [2, bad],
      ],
      false,
    ],
    ...[
      'Error: connect ECONNREFUSED 10.0.0.1:5432\n    at x (net.js:1)\n',
      'could not connect to server: Connection refused',
      'dial tcp: lookup db on 10.0.0.10:53: no such host',
      'FATAL: the database system is starting up',
      'java.net.SocketTimeoutException: connect timed out',
    ].map((log): [string, [number, string][], boolean] => [
      `for want of another: ${log.split('\n')[0]}`,
      [
        [1, log],
        [1, log],
        [1, log],
      ],
      false,
    ]),
  ])('%s', (_name, ends, certain) => {
    const patience = new Patience();
    for (const [run, [exitCode, log]] of ends.entries()) {
      const seen = crash(run, exitCode);
      patience.judge([seen], run * 10_000);
      expect(patience.unread([seen])).toEqual([seen]);
      patience.note(seen, log);
      expect(patience.unread([seen])).toEqual([]);
      // It runs once more in between.
      patience.judge([], run * 10_000 + 5000);
    }
    const last = crash(ends.length - 1);
    expect(patience.judge([last], 29_000).certain).toBeUndefined();
    expect(patience.judge([last], 31_000).certain).toBe(certain ? last : undefined);
  });

  it('reads the log of a run again when it is whole', () => {
    const patience = new Patience();
    const early = { ...crash(1), crash: { run: '1', exitCode: 1, whole: false } };
    patience.judge([early], 0);
    patience.note(early, '');
    expect(patience.unread([early])).toEqual([]);
    expect(patience.unread([crash(1)])).toEqual([crash(1)]);
    patience.note(crash(1), bad);
    expect(patience.unread([crash(1), early])).toEqual([]);
  });

  it('does not wait for a program that its machine cannot execute', () => {
    const patience = new Patience();
    const first = crash(1, 1, heals);
    expect(patience.judge([first], 0).certain).toBeUndefined();
    patience.note(first, 'exec /app/server: exec format error\n');
    expect(patience.judge([first], 0).certain).toBe(first);
  });

  it('does not wait for what is hopeless, nor give up what may be tried again', () => {
    expect(new Patience().judge([crash(1, 137, 0)], 0).certain).toBeDefined();
    expect(new Patience().judge([crash(1, 1, heals)], 0).certain).toBeUndefined();
  });
});
