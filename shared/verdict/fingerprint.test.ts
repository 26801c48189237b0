import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../test/lab/fixtures/hostileText.ts';
import type { Finding } from './Finding.ts';
import { fingerprint, fingerprints } from './fingerprint.ts';
import { type FindingChange as Change, exampleFinding as finding } from './fixtures.ts';

const layer = (fill: string) => `sha256:${fill.repeat(64)}`;

describe('what keeps a finding the same', () => {
  it.each<[string, Change, Change]>([
    ['another severity', {}, { severity: 'LOW' }],
    ['another title and fix', {}, { title: 'x', fix: undefined }],
    ['another layer', { layer: { diffId: layer('a') } }, { layer: { diffId: layer('b') } }],
    [
      'a version that does not cure',
      {},
      { subject: { version: '1.2.4', purl: 'pkg:npm/minimist@1.2.4' } },
    ],
    [
      'the next point release of the distribution',
      { subject: { purl: 'pkg:deb/debian/bash@5.2?distro=debian-12.5' } },
      { subject: { purl: 'pkg:deb/debian/bash@5.2?distro=debian-12.6' } },
    ],
    [
      'the version in the name of the file',
      { subject: { version: '1.2.5', path: 'lib/a-1.2.5.jar' } },
      { subject: { version: '1.2.6', path: 'lib/a-1.2.6.jar' } },
    ],
    [
      'the digest in the path',
      { subject: { path: `blobs/sha256/${'a'.repeat(64)}/x` } },
      { subject: { path: `blobs/sha256/${'b'.repeat(64)}/x` } },
    ],
    ['a path from the root', { subject: { path: '/app/x' } }, { subject: { path: './app/x' } }],
    [
      'an edit above it',
      { kind: 'secret', lines: { file: 'a', start: 3, end: 3 } },
      { kind: 'secret', lines: { file: 'a', start: 9, end: 9 } },
    ],
  ])('%s', (_, before, after) => {
    expect(fingerprint(finding(after))).toBe(fingerprint(finding(before)));
  });
});

describe('what makes it another', () => {
  it.each<[string, Change]>([
    ['another kind', { kind: 'license' }],
    ['another rule', { id: 'CVE-2021-44907' }],
    ['another package', { subject: { name: 'tar' } }],
    ['a package of another language', { subject: { purl: 'pkg:gem/minimist@1.2.5' } }],
    ['another path', { subject: { path: 'web/node_modules/minimist/package.json' } }],
  ])('%s', (_, change) => {
    expect(fingerprint(finding(change))).not.toBe(fingerprint(finding()));
  });

  it('another file, of a misconfiguration', () => {
    const inFile = (file: string) =>
      fingerprint(
        finding({
          kind: 'misconfiguration',
          subject: { path: undefined },
          lines: { file, start: 1, end: 2 },
        }),
      );
    expect(inFile('a.tf')).not.toBe(inFile('b.tf'));
  });
});

it('is the sha256 of a text that others keep: a change of it makes every finding new', () => {
  expect(fingerprint(finding())).toBe(
    '5c2da967fce58f6c3267a5c3264181d7e3b5509d6432e0275e45a0ac7e50868e',
  );
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

/** The same image again: other layers, other lines above, another order. */
function rebuilt(findings: readonly Finding[], next: (below: number) => number): Finding[] {
  const shift = next(100);
  return findings
    .map((one) => ({
      ...one,
      layer: { diffId: layer(next(16).toString(16)) },
      lines: one.lines && {
        ...one.lines,
        start: one.lines.start + shift,
        end: one.lines.end + shift,
      },
      rank: next(1_000_000),
    }))
    .sort((a, b) => a.rank - b.rank);
}

describe('what holds for any findings', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('sample %d', (seed) => {
    const next = random(seed);
    const findings = Array.from({ length: 300 }, (_, at) =>
      next(2) === 0
        ? finding({
            id: `CVE-${next(9)}`,
            subject: { name: `p${next(9)}`, version: `1.${at}`, path: undefined },
          })
        : finding({
            kind: 'secret',
            id: `rule-${next(3)}`,
            lines: { file: `f${next(5)}`, start: at + 1, end: at + 1 },
            subject: { name: 'f', version: undefined, purl: undefined, path: undefined },
          }),
    );
    const before = fingerprints(findings);
    // Each one is told apart, also where two are alike.
    expect(new Set(before).size).toBe(findings.length);
    const again = rebuilt(findings, next);
    expect(fingerprints(again).toSorted()).toEqual(before.toSorted());
    // A finding keeps its own, not that of one that is alike in another version.
    const after = fingerprints(again);
    const byFinding = new Map(again.map((one, at) => [keyOf(one), after[at]]));
    for (const [at, one] of findings.entries()) {
      if (one.kind === 'secret') continue;
      expect(byFinding.get(keyOf(one))).toBe(before[at]);
    }
    // Alone, it is the first of its kind.
    expect(fingerprints(findings.slice(0, 1))).toEqual([fingerprint(findings[0] as Finding)]);
  });

  const keyOf = ({ id, subject }: Finding) => `${id} ${subject.name} ${subject.version}`;
});

it('hostile texts neither break it nor look alike', () => {
  const all = hostileText.map(({ text }) => finding({ id: text }));
  expect(new Set(fingerprints(all)).size).toBe(new Set(hostileText.map(({ text }) => text)).size);
});
