import { expect, it } from '@jest/globals';
import type { Finding, FindingKind } from '../verdict/Finding.ts';
import { groupByPackage } from './groupByPackage.ts';

const of = (id: string, name: string, version?: string, kind: FindingKind = 'vulnerability') =>
  ({
    kind,
    id,
    severity: 'HIGH',
    title: undefined,
    subject: { name, version, purl: undefined, path: undefined },
    fix: undefined,
    url: undefined,
  }) satisfies Finding;
const ids = (findings: readonly Finding[], most = 100) =>
  groupByPackage(findings, most).map((group) => group.map(({ id }) => id).join(' '));

it('puts together what has a name, a version and a kind', () => {
  expect(
    ids([
      of('a', 'x', '1'),
      of('b', 'y', '1'),
      of('c', 'x', '2'),
      of('d', 'x', '1'),
      of('e', 'x', '1', 'license'),
      of('f', 'x', '2'),
      of('g', 'x'),
      of('h', '__proto__', '1'),
      of('i', '__proto__', '1'),
    ]),
  ).toEqual(['a d', 'b', 'c f', 'e', 'g', 'h i']);
});

it('fills the first groups, though there is no room for others', () => {
  expect(ids([of('a', 'x'), of('b', 'y'), of('c', 'z'), of('d', 'x')], 2)).toEqual(['a d', 'b']);
});

it('does not slow down by many versions of one name', () => {
  const findings = Array.from({ length: 100_000 }, (_, at) => of(`${at}`, 'x', `${at}`));
  expect(groupByPackage(findings, 1e6)).toHaveLength(100_000);
});
