import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../test/lab/fixtures/hostileText.ts';
import type { Finding } from './Finding.ts';
import { exampleFinding, exampleInspection, examplePolicy, exampleWaiver } from './fixtures.ts';
import type { JudgeContext } from './JudgeContext.ts';
import { openExcuses } from './openExcuses.ts';
import type { Policy } from './Policy.ts';
import type { VexStatement } from './vex/VexStatement.ts';
import type { Waiver } from './Waiver.ts';

const now = new Date('2026-11-25T12:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000);

function open(context: Partial<JudgeContext>, policy: Partial<Policy> = {}) {
  return openExcuses(examplePolicy(policy), { now, ...context }, exampleInspection());
}

const statement: VexStatement = {
  vulnerabilities: ['CVE-2021-44906'],
  products: [
    {
      purls: [
        { type: 'npm', namespace: '', name: 'minimist', version: undefined, qualifiers: new Map() },
      ],
      digests: [],
      parts: [],
    },
  ],
  status: 'not_affected',
  justification: 'component_not_present',
  impact: 'we took it out',
  author: 'Acme',
  statedAt: undefined,
  source: 'vex.json',
};

describe('a waiver', () => {
  it.each<[string, Partial<Waiver>, Parameters<typeof exampleFinding>[0], boolean]>([
    ['of the id', {}, {}, true],
    ['of the id in other letters', { id: 'cve-2021-44906' }, {}, true],
    ['of another id', { id: 'CVE-2021-44907' }, {}, false],
    ['of an alias', { id: 'GHSA-x' }, { aliases: ['GHSA-x'] }, true],
    ['of the package', { package: 'minimist' }, {}, true],
    ['of another package', { package: 'tar' }, {}, false],
    ['of the package URL', { purl: 'pkg:npm/minimist' }, {}, true],
    ['of the package URL and version', { purl: 'pkg:npm/minimist@1.2.5' }, {}, true],
    ['of another version', { purl: 'pkg:npm/minimist@1.2.4' }, {}, false],
    [
      'of a package URL that the finding has not',
      { purl: 'pkg:npm/minimist' },
      { subject: { purl: undefined } },
      false,
    ],
    ['of the path', { path: 'app/**' }, {}, true],
    ['of another path', { path: 'web/**' }, {}, false],
    ['of a path that the finding has not', { path: '**' }, { subject: { path: undefined } }, false],
    [
      'of the file of its lines',
      { path: 'main.tf' },
      {
        kind: 'misconfiguration',
        subject: { path: undefined },
        lines: { file: 'main.tf', start: 1, end: 1 },
      },
      true,
    ],
    ['of the kind', { kind: 'vulnerability' }, {}, true],
    ['of another kind', { kind: 'secret' }, {}, false],
    ['of the package in another path', { package: 'minimist', path: 'web/**' }, {}, false],
    ['of what cannot be read', { purl: 'minimist' }, {}, false],
    ['that holds for a moment more', { expires: new Date(now.getTime() + 1) }, {}, true],
    ['that ends now', { expires: now }, {}, false],
  ])('%s', (_, waiver, finding, expected) => {
    const excuse = open({ waivers: [exampleWaiver(waiver)] }).find(exampleFinding(finding));
    expect(excuse?.kind).toBe(expected ? 'waiver' : undefined);
  });

  it('that somebody answers for goes before an ignore file', () => {
    const own = exampleWaiver({ source: 'waivers.yaml:1' });
    const ignored = exampleWaiver({ owner: 'nobody', lacks: ['owner'], source: '.trivyignore:1' });
    const excuse = open({ waivers: [ignored, own] }).find(exampleFinding());
    expect(excuse).toEqual({ kind: 'waiver', waiver: own });
  });

  it('that holds goes before one that has ended', () => {
    const waivers = [exampleWaiver({ expires: inDays(-1), path: 'app/**' }), exampleWaiver()];
    const excuse = open({ waivers }).find(exampleFinding());
    expect(excuse).toEqual({ kind: 'waiver', waiver: waivers[1] });
  });
});

describe('VEX', () => {
  it('excuses with its justification', () => {
    expect(open({ vex: [statement] }).find(exampleFinding())).toEqual({
      kind: 'vex',
      status: 'not_affected',
      justification: 'component_not_present: we took it out',
      author: 'Acme',
      source: 'vex.json',
    });
  });

  it('goes before a waiver, which then can go', () => {
    const excuses = open({ vex: [statement], waivers: [exampleWaiver()] });
    expect(excuses.find(exampleFinding())?.kind).toBe('vex');
    expect(excuses.notices(true)).toEqual([
      'These waivers match nothing that counts, so they can go: CVE-2021-44906 of team-data (waivers.yaml:1).',
    ]);
  });

  it('without a reason leaves it to the waiver', () => {
    const vex = [{ ...statement, justification: undefined, impact: undefined }];
    const excuses = open({ vex, waivers: [exampleWaiver()] });
    expect(excuses.find(exampleFinding())?.kind).toBe('waiver');
    expect(excuses.notices(true)).toEqual([
      'These VEX statements say "not affected" and not why, so they excuse nothing: CVE-2021-44906 (vex.json).',
    ]);
  });
});

describe('what nobody may waive', () => {
  it.each([['CVE-2021-44906'], ['cve-2021-*'], ['*'], ['GHSA-x']])('%s', (pattern) => {
    const excuses = open(
      { waivers: [exampleWaiver()], vex: [statement] },
      { neverWaive: ['CVE-1', pattern] },
    );
    expect(excuses.find(exampleFinding({ aliases: ['GHSA-x'] }))).toBeUndefined();
    expect(excuses.notices(true)).toEqual([
      'What these waive counts all the same, for the policy lets nobody waive it (never-waive): CVE-2021-44906 of team-data (waivers.yaml:1).',
    ]);
  });
});

describe('what the owners are told', () => {
  const told = (waivers: Waiver[], findings: Finding[], complete = true) => {
    const excuses = open({ waivers });
    for (const finding of findings) excuses.find(finding);
    return excuses.notices(complete);
  };
  const found = [exampleFinding()];
  const ignored = exampleWaiver({
    lacks: ['owner', 'reason', 'expires'],
    source: '.trivyignore:1',
  });

  it.each<[string, string[], string[]]>([
    ['nothing of one that is used', told([exampleWaiver()], found), []],
    [
      'one that has ended',
      told([exampleWaiver({ expires: new Date('2026-11-25T00:00:00Z') })], found),
      [
        'What these waived counts again, for they have ended: CVE-2021-44906 of team-data (waivers.yaml:1) on 2026-11-24.',
      ],
    ],
    [
      'one that ends soon',
      told([exampleWaiver({ expires: inDays(14) })], found),
      [
        'These waivers end within 14 days: CVE-2021-44906 of team-data (waivers.yaml:1) at 2026-12-09T12:00:00.000Z.',
      ],
    ],
    [
      'nothing of one that ends later',
      told([exampleWaiver({ expires: inDays(14.01) })], found),
      [],
    ],
    [
      'one that is not used, ended or not',
      told([exampleWaiver({ expires: inDays(-1) })], []),
      [
        'These waivers match nothing that counts, so they can go: CVE-2021-44906 of team-data (waivers.yaml:1).',
      ],
    ],
    ['nothing of unused ones where not all was seen', told([exampleWaiver()], [], false), []],
    [
      'what an ignore file lacks',
      told([ignored], found),
      [
        'These are ignored without owner, reason, end: CVE-2021-44906 (.trivyignore:1). Make them waivers.',
      ],
    ],
    ['nothing of what an ignore file does not need', told([ignored], []), []],
  ])('%s', (_, notices, expected) => {
    expect(notices).toEqual(expected);
  });

  it('a line of bounded length, whatever is written in it', () => {
    const waivers = hostileText.flatMap(({ text }) =>
      [1, 2].map((at) =>
        exampleWaiver({ id: text, owner: text, source: `${text}:${at}`, expires: inDays(at) }),
      ),
    );
    const findings = hostileText.map(({ text }) => exampleFinding({ id: text }));
    for (const notice of told(waivers, findings)) {
      expect(notice).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
      expect(notice.length).toBeLessThan(5000);
    }
  });
});
