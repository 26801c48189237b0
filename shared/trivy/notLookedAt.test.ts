import { expect, it } from '@jest/globals';
import { type FixtureName, fixture } from './fixtures/fixture.ts';
import { notLookedAt } from './notLookedAt.ts';
import { parseReport } from './parseReport.ts';
import type { Scanner, Target } from './Target.ts';

it.each<[FixtureName, Target['kind'], Scanner[], string | undefined]>([
  ['folder', 'filesystem', ['vuln', 'secret'], undefined],
  ['emptyFolder', 'filesystem', ['vuln', 'secret'], 'No package was found'],
  ['emptyFolder', 'filesystem', ['license'], 'No package was found'],
  ['emptyFolder', 'filesystem', ['secret'], undefined],
  ['emptyFolder', 'filesystem', ['misconfig', 'secret'], undefined],
  ['emptyFolder', 'filesystem', ['misconfig'], 'No configuration was found'],
  ['emptyFolder', 'config', ['misconfig'], 'No configuration was found'],
  ['dockerfile', 'config', ['misconfig'], undefined],
  ['dockerfile', 'filesystem', ['vuln', 'misconfig'], 'No package was found'],
  ['sbom', 'sbom', ['vuln'], undefined],
  ['emptySbom', 'sbom', ['vuln'], 'The SBOM holds no component'],
  ['imageOfAllKinds', 'image', ['vuln', 'misconfig', 'secret', 'license'], undefined],
  ['unknownFile', 'image', ['vuln'], 'Nothing in the image could be judged'],
  ['unknownFile', 'image', ['secret'], undefined],
])('%s, as %s, looked at for %j', (name, kind, scanners, what) => {
  const gaps = notLookedAt(parseReport(fixture(name)), { kind, scanners });
  expect(gaps.map((gap) => gap.what)).toEqual(
    what === undefined ? [] : [expect.stringContaining(what)],
  );
  expect(gaps.every(({ remedy }) => remedy !== undefined)).toBe(true);
});

it('who wants no packages of the system misses none', () => {
  const report = parseReport(fixture('unsupportedSystem'));
  const asked = { kind: 'image', scanners: ['vuln'] } as const;
  expect(notLookedAt(report, asked)).toHaveLength(1);
  expect(notLookedAt(report, { ...asked, packageTypes: ['library'] })).toEqual([]);
});
