import { expect, it } from '@jest/globals';
import { bestFix } from './bestFix.ts';
import type { Finding } from './Finding.ts';

const of = (type: string, version: string | undefined, fixes: (string | undefined)[]) =>
  fixes.map(
    (fix, at): Finding => ({
      kind: 'vulnerability',
      id: `CVE-${at}`,
      severity: 'HIGH',
      title: undefined,
      subject: { name: 'thing', version, purl: `pkg:${type}/thing`, path: undefined },
      fix,
      url: undefined,
    }),
  );

it.each<[string, string, string | undefined, (string | undefined)[], string | undefined]>([
  ['nothing is fixed', 'npm', '1.0.0', [undefined, undefined], undefined],
  ['one', 'npm', '1.0.0', ['1.0.1', undefined], '1.0.1 removes 1'],
  [
    'the later removes what the earlier does',
    'npm',
    '1.0.0',
    ['1.0.1', '1.2.0'],
    '1.2.0 removes 2',
  ],
  ['by numbers, not by letters', 'npm', '1.0.0', ['1.9.0', '1.10.0'], '1.10.0 removes 2'],
  ['the smallest step', 'npm', '0.0.8', ['1.2.6, 0.2.4', '1.2.3, 0.2.1'], '0.2.4 removes 2'],
  ['the line that has both', 'npm', '5.2.1', ['5.3.1, 5.2.8', '5.3.0'], '5.3.1 removes 2'],
  ['no step back', 'npm', '1.1.0', ['0.2.4, 1.2.6'], '1.2.6 removes 1'],
  ['another line proves nothing', 'npm', '4.1.0', ['5.0.0, 4.2.9', '4.3.0'], '5.0.0 removes 2'],
  ['a release candidate is before', 'npm', '1.0.0', ['2.0.0-rc.1', '2.0.0'], '2.0.0 removes 2'],
  ['Go says v', 'golang', 'v0.16.0', ['0.17.0', '0.31.0'], '0.31.0 removes 2'],
  ['Python has its own order', 'pypi', '1.0', ['1.0.post1', '1.1rc1'], '1.1rc1 removes 2'],
  ['a version that is none', 'npm', 'latest', ['1.9.0', '1.10.0'], '1.10.0 removes 1'],
  ['a distribution: what most name', 'deb', '1', ['1+u3', '1+u3', '1+u4'], '1+u3 removes 2'],
  ['a distribution: the highest of equals', 'deb', '1', ['1+u9', '1+u10'], '1+u10 removes 1'],
  ['no version is known', 'npm', undefined, ['1.2.0'], '1.2.0 removes 1'],
  ['hostile text', 'npm', '1.0.0', ['__proto__', ' , ,'], '__proto__ removes 1'],
])('%s', (_, type, version, fixes, expected) => {
  const found = bestFix(of(type, version, fixes));
  expect(found && `${found.version} removes ${found.removes}`).toBe(expected);
});

it('does not order what it cannot, however much there is', () => {
  const many = Array.from({ length: 150 }, (_, at) => `1.0.${at + 1}`);
  expect(
    bestFix(of('npm', '1.0.0', [...many.slice(0, 98), 'no version', many.join(', ')])),
  ).toEqual({
    version: '1.0.20',
    removes: 2,
  });
});

it('is found for 100,000 findings with a fix each, too', () => {
  const fixes = Array.from({ length: 100_000 }, (_, at) => `1.0.${at + 1}, 2.${at}.0`);
  expect(bestFix(of('npm', '1.0.0', fixes))?.removes).toBeGreaterThan(0);
});
