import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../../test/lab/fixtures/hostileText.ts';
import { exampleWaiver } from '../fixtures.ts';
import { formatWaivers } from './formatWaivers.ts';
import { parseExpiry } from './parseExpiry.ts';
import { readIgnores } from './readIgnores.ts';
import { readWaivers } from './readWaivers.ts';

function problemsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    return (error as AggregateError).errors.map(({ message }) => message);
  }
  return [];
}

describe('the end of a waiver', () => {
  it.each([
    ['2026-12-31', '2027-01-01T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2026-12-31T12:00:00Z', '2026-12-31T12:00:00.000Z'],
    ['2026-12-31T12:00+02:00', '2026-12-31T10:00:00.000Z'],
    ['2026-12-31T12:00:00.5-05:00', '2026-12-31T17:00:00.500Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseExpiry(text)).toEqual(new Date(expected));
  });

  it.each([
    ['2026-12-31T12:00:00', 'has no zone'],
    ['2026-12-31 12:00', 'has no zone'],
    ['2026-02-30', 'is no day of the calendar'],
    ['2026-13-01', 'is no day of the calendar'],
    ['2026-02-30T12:00:00Z', 'is no time of the calendar'],
    ['2026-12-31T25:00:00Z', 'is no time of the calendar'],
    ['31.12.2026', 'is not a date'],
    ['never', 'is not a date'],
    ['', 'is not a date'],
    ['2026-12-31\n', 'is not a date'],
  ])('%j %s', (text, why) => {
    expect(parseExpiry(text)).toMatch(why);
  });
});

const rest = 'owner: team-data\n  reason: not reached\n  expires: 2026-12-31\n';

describe('waivers', () => {
  it('have a scope, an owner, a reason, an end and a place', () => {
    const text = `# ours\n- id: CVE-1\n  package: minimist\n  purl: pkg:npm/minimist\n  path: app/**\n  ${rest}`;
    expect(readWaivers(text, 'waivers.yaml')).toEqual([
      {
        id: 'CVE-1',
        package: 'minimist',
        purl: 'pkg:npm/minimist',
        path: 'app/**',
        owner: 'team-data',
        reason: 'not reached',
        expires: new Date('2027-01-01T00:00:00Z'),
        source: 'waivers.yaml:2',
      },
    ]);
  });

  it('are JSON, too, or none', () => {
    const json = '[{"id":"CVE-1","owner":"a","reason":"b","expires":"2026-12-31"}]';
    expect(readWaivers(json, 'w.json')).toMatchObject([{ id: 'CVE-1', source: 'w.json:1' }]);
    expect(readWaivers('', 'w.yaml')).toEqual([]);
    expect(readWaivers('[]', 'w.yaml')).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    [
      'nobody answers for it',
      '- id: CVE-1\n',
      [
        'w:1:3: [0]: owner is missing.',
        'w:1:3: [0]: reason is missing.',
        'w:1:3: [0]: expires is missing.',
      ],
    ],
    ['blanks', `- id: " "\n  ${rest}`, ['w:1:3: [0].id: is empty (given: " ").']],
    [
      'an unknown key',
      `- id: CVE-1\n  pacakge: a\n  ${rest}`,
      [
        'w:2:3: [0].pacakge: there is no such key. Did you mean package? There are id, package, purl, path, owner, reason, expires.',
      ],
    ],
    [
      'no zone',
      `- id: CVE-1\n  ${rest.replace('-31', '-31T12:00:00')}`,
      [
        'w:4:3: [0].expires: has no zone, or is not written as 2026-12-31T12:00:00Z (given: "2026-12-31T12:00:00").',
      ],
    ],
    [
      'the same twice',
      `- id: CVE-1\n  ${rest}- id: cve-1\n  ${rest}`,
      ['w:5:3: [1]: the waiver of line 1 is for the same. Keep one.'],
    ],
    ['two scopes', `- id: CVE-1\n  path: a\n  ${rest}- id: CVE-1\n  path: b\n  ${rest}`, []],
    [
      'no package URL, and no glob',
      `- id: CVE-1\n  purl: minimist\n  path: /\n  ${rest}`,
      [
        'w:2:3: [0].purl: is no package URL (pkg:type/name@version) (given: "minimist").',
        'w:3:3: [0].path: is no glob of paths (given: "/").',
      ],
    ],
    [
      'a mapping',
      `id: CVE-1\n${rest.replaceAll('\n  ', '\n')}`,
      ['w:1:1: is not a list (given: a mapping).'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(() => readWaivers(text, 'w'))).toEqual(expected);
  });
});

const never = new Date('9999-12-31T00:00:00Z');

describe('ignore files', () => {
  it('are waivers that lack something', () => {
    const text =
      '# not reached\nCVE-1 exp:2026-12-31\n\n# far above\n\nCVE-2\nCVE-3 exp:2026-12-31\r\n';
    expect(readIgnores(text, '.trivyignore')).toMatchObject([
      {
        id: 'CVE-1',
        owner: 'nobody',
        reason: 'not reached',
        expires: new Date('2027-01-01T00:00:00Z'),
        lacks: ['owner'],
        source: '.trivyignore:2',
      },
      { id: 'CVE-2', reason: 'none given', expires: never, lacks: ['owner', 'reason', 'expires'] },
      { id: 'CVE-3', lacks: ['owner', 'reason'] },
    ]);
  });

  it('say what is no date', () => {
    expect(problemsOf(() => readIgnores('CVE-1 exp:soon', '.trivyignore'))).toEqual([
      '.trivyignore:1: soon is not a date as 2026-12-31 (it holds through that day, UTC).',
    ]);
  });

  it('in YAML have kinds, paths and packages', () => {
    const text =
      'vulnerabilities:\n  - id: CVE-1\n    paths: [a, b]\n    purls: [pkg:npm/x]\n    expired_at: 2026-12-31\n    statement: because\nmisconfigurations:\n  - id: KSV001\n    paths: []\n';
    const common = {
      kind: 'vulnerability',
      purl: 'pkg:npm/x',
      reason: 'because',
      lacks: ['owner'],
    };
    expect(readIgnores(text, '.trivyignore.yaml')).toMatchObject([
      { id: 'CVE-1', path: 'a', source: '.trivyignore.yaml:2', ...common },
      { id: 'CVE-1', path: 'b', source: '.trivyignore.yaml:2', ...common },
      { id: 'KSV001', kind: 'misconfiguration', path: undefined, expires: never },
    ]);
  });

  it('in YAML refuse what would ignore more than was meant', () => {
    expect(problemsOf(() => readIgnores('secrets:\n  - id: a\n    path: b\n', 'x.yml'))).toEqual([
      'x.yml:3:5: secrets[0].path: there is no such key. Did you mean paths? There are id, paths, purls, expired_at, statement.',
    ]);
  });
});

describe('what is migrated', () => {
  it('is read as waivers that lack nothing', () => {
    const old = readIgnores('# why\nCVE-1 exp:2027-01-31\nCVE-2\nCVE-2\n', '.trivyignore');
    const text = formatWaivers(old, { owner: 'team: "a" # b', expires: '2026-12-31' });
    expect(readWaivers(text, 'waivers.yaml')).toEqual([
      {
        id: 'CVE-1',
        owner: 'team: "a" # b',
        reason: 'why',
        expires: new Date('2027-02-01T00:00:00Z'),
        source: 'waivers.yaml:1',
      },
      {
        id: 'CVE-2',
        owner: 'team: "a" # b',
        reason: 'Taken over from .trivyignore:3, where no reason was given.',
        expires: new Date('2027-01-01T00:00:00Z'),
        source: 'waivers.yaml:5',
      },
    ]);
  });

  it('keeps waivers as they are, to the moment', () => {
    const waiver = exampleWaiver({ path: 'a/**', expires: new Date('2026-12-31T12:00:00Z') });
    const text = formatWaivers([waiver], { owner: 'x', expires: '2027-01-01' });
    expect(readWaivers(text, 'waivers.yaml')).toEqual([waiver]);
  });

  it('keeps hostile texts as text', () => {
    for (const { text } of hostileText) {
      if (text.trim() === '' || !text.isWellFormed()) continue;
      const old = [exampleWaiver({ id: text, reason: text })];
      const written = formatWaivers(old, { owner: text, expires: '2027-01-01' });
      expect(readWaivers(written, 'w')).toMatchObject([{ id: text, reason: text }]);
    }
  });
});
