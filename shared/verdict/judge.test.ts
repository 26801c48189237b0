import { describe, expect, it } from '@jest/globals';
import { countBySeverity, describeCounts } from './countBySeverity.ts';
import type { Finding } from './Finding.ts';
import type { Gap, Inspection } from './Inspection.ts';
import { judge } from './judge.ts';
import type { Policy } from './Policy.ts';
import { type Severity, severities } from './Severity.ts';
import type { Outcome } from './Verdict.ts';
import { worstFirst } from './worstFirst.ts';

function finding(severity: Severity, name: string, fix?: string): Finding {
  return {
    kind: 'vulnerability',
    id: `CVE-${name}`,
    severity,
    title: undefined,
    subject: { name, version: '1.0', purl: undefined, path: undefined },
    fix,
    url: undefined,
  };
}

const inspection = (findings: Finding[], gaps: Gap[] = []): Inspection => ({
  subject: 'acme.azurecr.io/web@sha256:00',
  findings,
  gaps,
  notices: [],
  facts: [],
});
const policy = (wanted: Severity[] = ['CRITICAL'], ignoreUnfixed = false): Policy => ({
  severities: new Set(wanted),
  ignoreUnfixed,
});

const fixed = finding('CRITICAL', 'minimist', '1.2.6, 0.2.4');
const unfixed = finding('CRITICAL', 'tar');
const high = finding('HIGH', 'bash', '5.3');
const gap: Gap = {
  what: 'The packages of fedora 40 were not judged.',
  why: 'Nobody knows it.',
  remedy: 'Use another base.',
};

describe('the verdict', () => {
  it.each<[string, Finding[], Gap[], Policy, Outcome]>([
    ['nothing found', [], [], policy(), 'pass'],
    ['only what does not count', [high], [], policy(), 'pass'],
    ['what counts', [fixed], [], policy(), 'violation'],
    ['what counts by the second severity', [high], [], policy(['CRITICAL', 'HIGH']), 'violation'],
    ['unfixed, which counts', [unfixed], [], policy(), 'violation'],
    ['unfixed, which is ignored', [unfixed], [], policy(['CRITICAL'], true), 'pass'],
    ['fixed, where unfixed is ignored', [fixed], [], policy(['CRITICAL'], true), 'violation'],
    ['nothing found where not all was seen', [], [gap], policy(), 'incomplete'],
    ['what does not count where not all was seen', [high], [gap], policy(), 'incomplete'],
    ['what counts where not all was seen', [fixed], [gap], policy(), 'violation'],
    ['no severity counts', [fixed], [], policy([]), 'pass'],
  ])('%s', (_, findings, gaps, rules, outcome) => {
    const judgement = judge(inspection(findings, gaps), rules);
    expect(judgement.verdict.outcome).toBe(outcome);
    expect([...judgement.counted, ...judgement.others]).toHaveLength(findings.length);
    expect(judgement.verdict.remedy === undefined).toBe(outcome === 'pass');
  });

  it.each<[Finding[], Gap[], string, string | undefined]>([
    [
      [unfixed, { ...fixed, layer: { diffId: 'sha256:00' } }],
      [],
      '2 CRITICAL findings in acme.azurecr.io/web@sha256:00: minimist 1.0 (CVE-minimist), fixed in 1.2.6 or 0.2.4, and 1 more.',
      'Update minimist to 1.2.6 and build the image again.',
    ],
    [
      [unfixed],
      [],
      '1 CRITICAL finding in acme.azurecr.io/web@sha256:00: tar 1.0 (CVE-tar), without a fix.',
      'Nobody has fixed tar yet: do without it, or decide to wait for the fix (ignore-unfixed).',
    ],
    [
      [fixed],
      [gap],
      '1 CRITICAL finding in acme.azurecr.io/web@sha256:00: minimist 1.0 (CVE-minimist), fixed in 1.2.6 or 0.2.4. Besides, not all was seen: The packages of fedora 40 were not judged.',
      'Update minimist to 1.2.6.',
    ],
    [
      [],
      [gap, gap],
      'The packages of fedora 40 were not judged. Nobody knows it. The summary has 1 more.',
      'Use another base.',
    ],
    [
      [high],
      [],
      'No CRITICAL finding in acme.azurecr.io/web@sha256:00. What does not count: 1 HIGH.',
      undefined,
    ],
  ])('says %#', (findings, gaps, reason, remedy) => {
    expect(judge(inspection(findings, gaps), policy()).verdict).toMatchObject({ reason, remedy });
  });
});

/** A small generator of our own (mulberry32): the same sample in every run. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function sample(seed: number, size: number): Finding[] {
  const next = random(seed);
  return Array.from({ length: size }, () =>
    finding(
      severities[next(severities.length)] ?? 'UNKNOWN',
      `package-${next(50)}`,
      next(2) === 0 ? undefined : `${next(9)}.${next(9)}`,
    ),
  );
}

describe('what holds for any findings', () => {
  it.each([1, 2, 3, 4, 5])('sample %d', (seed) => {
    for (let size = 0; size < 60; size += 7) {
      const findings = sample(seed * 1000 + size, size);
      const rules = policy(
        severities.filter((_, at) => (seed >> at) % 2 === 1),
        seed % 2 === 0,
      );
      const { verdict, counted, others } = judge(inspection(findings), rules);
      expect(verdict.outcome === 'violation').toBe(counted.length > 0);
      expect(new Set([...counted, ...others])).toEqual(new Set(findings));
      expect(counted.every(({ severity }) => rules.severities.has(severity))).toBe(true);
      // A gap takes a pass away and gives none.
      const withGap = judge(inspection(findings, [gap]), rules).verdict.outcome;
      expect(withGap).toBe(counted.length > 0 ? 'violation' : 'incomplete');
      // The order in which a scanner lists them changes nothing that is told.
      expect(worstFirst(findings.toReversed()).map(describeFinding)).toEqual(
        worstFirst(findings).map(describeFinding),
      );
    }
  });

  it('worst first, and what can be fixed first within a severity', () => {
    const sorted = worstFirst(sample(7, 300));
    const ranks = sorted.map(
      ({ severity, fix }) => severities.indexOf(severity) * 2 + (fix === undefined ? 1 : 0),
    );
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });
});

function describeFinding({ severity, subject, id, fix }: Finding): string {
  return `${severity} ${subject.name} ${id} ${fix === undefined}`;
}

it('counts, and leaves out of words what does not occur', () => {
  const counts = countBySeverity([fixed, unfixed, high]);
  expect(counts).toEqual({ CRITICAL: 2, HIGH: 1, MEDIUM: 0, LOW: 0, UNKNOWN: 0 });
  expect(describeCounts(counts)).toBe('2 CRITICAL, 1 HIGH');
  expect(describeCounts(countBySeverity([]))).toBe('');
});

it('hostile names stay on one line of a bounded length', () => {
  const hostile = finding(
    'CRITICAL',
    `\u001b[2J::error::x\r\n\u202e${'A'.repeat(100_000)}`,
    '1\n2',
  );
  const { reason, remedy } = judge(inspection([hostile]), policy()).verdict;
  for (const text of [reason, remedy ?? '']) {
    expect([...text].some((character) => '\n\r\u001b\u202e'.includes(character))).toBe(false);
    expect(text.length).toBeLessThan(1000);
  }
});
