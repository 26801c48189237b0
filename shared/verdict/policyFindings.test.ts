import { describe, expect, it } from '@jest/globals';
import { exampleFinding, examplePolicy } from './fixtures.ts';
import type { Package } from './Inspection.ts';
import type { DeniedPackage } from './Policy.ts';
import { deniesFinding, policyFindings } from './policyFindings.ts';

const log4j: Package = {
  name: 'org.apache.logging.log4j:log4j-core',
  version: '2.14.1',
  purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar',
  path: 'app/a.jar',
  licenses: ['Apache-2.0'],
};
const tool: Package = {
  name: 'readline',
  version: '8',
  purl: undefined,
  path: undefined,
  licenses: ['GPL-3.0-only', 'GPL-3.0-only', 'MIT OR GPL-3.0-only'],
};

describe('denied packages', () => {
  it.each<[Omit<DeniedPackage, 'reason'>, string[]]>([
    [{ name: 'readline' }, ['readline']],
    [{ name: '*log4j*' }, [log4j.name]],
    [{ name: '*' }, [log4j.name, 'readline']],
    [{ purl: 'pkg:maven/org.apache.logging.log4j/*' }, [log4j.name]],
    [{ purl: 'pkg:maven/org.apache.logging.log4j/log4j-core' }, [log4j.name]],
    [{ purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1' }, [log4j.name]],
    [{ purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.17.0' }, []],
    [{ name: 'readline', purl: 'pkg:maven/*' }, []],
  ])('%j', (denied, names) => {
    const policy = examplePolicy({ denyPackages: [{ ...denied, reason: 'use another' }] });
    const made = policyFindings({ findings: [], packages: [log4j, tool] }, policy);
    expect(made.map(({ subject }) => subject.name)).toEqual(names);
    for (const finding of made) {
      expect(finding).toMatchObject({ kind: 'denied-package', title: 'use another' });
    }
  });
});

describe('denied licenses', () => {
  const policy = examplePolicy({ denyLicenses: ['GPL-3.0-only'] });
  const told = exampleFinding({
    kind: 'license',
    id: 'GPL-3.0-only',
    severity: 'LOW',
    subject: { name: 'readline', path: undefined },
  });

  it('once a package, and a choice is fine', () => {
    const made = policyFindings({ findings: [], packages: [log4j, tool] }, policy);
    expect(made.map(({ kind, id, subject }) => [kind, id, subject.name])).toEqual([
      ['license', 'GPL-3.0-only', 'readline'],
    ]);
  });

  it('not twice, when the scanner tells it', () => {
    expect(policyFindings({ findings: [told], packages: [tool] }, policy)).toEqual([]);
    expect(deniesFinding(policy)(told)).toBe(true);
    expect(deniesFinding(policy)({ ...told, kind: 'vulnerability' })).toBe(false);
    expect(deniesFinding(examplePolicy())(told)).toBe(false);
  });
});

describe('the end of life', () => {
  it.each([
    ['deny', true, 1],
    ['deny', false, 0],
    ['notice', true, 0],
    [undefined, true, 0],
  ] as const)('%s, ended %s: %d', (endOfLife, ended, amount) => {
    const system = { family: 'debian', name: '8', endOfLife: ended };
    const made = policyFindings({ findings: [], system }, examplePolicy({ endOfLife }));
    expect(made).toHaveLength(amount);
  });

  it('of no system is none', () => {
    expect(policyFindings({ findings: [] }, examplePolicy({ endOfLife: 'deny' }))).toEqual([]);
  });
});
