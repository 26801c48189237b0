import { hash } from 'node:crypto';
import { bareName } from '../text/bareName.ts';
import type { Finding } from './Finding.ts';

/**
 * By what a finding is known again: the same over rebuilds, tags, versions that do not cure it, and
 * re-orderings. Scanners' own fingerprints change with the tag, and then 100,000 alerts are closed
 * and opened again.
 *
 * @param ordinal which one it is of several that are alike, from 0; see {@link fingerprints}
 * @returns sha256, hexadecimal
 */
export function fingerprint(finding: Finding, ordinal = 0): string {
  return hash('sha256', nth(identity(finding), ordinal));
}

/** The fingerprints of findings, in their order; of those that are alike, each has its own. */
export function fingerprints(findings: readonly Finding[]): string[] {
  return identities(findings).map((whole) => hash('sha256', whole));
}

/**
 * What {@link fingerprints} are made of: enough to compare two lists. Those that are alike (one rule
 * broken twice in one file) are told apart by which comes first in the file: a line number would
 * change with each edit above it.
 */
export function identities(findings: readonly Finding[]): string[] {
  const result = findings.map(identity);
  const first = new Map<string, number>();
  const alike = new Map<string, number[]>();
  for (const [at, whole] of result.entries()) {
    const before = first.get(whole);
    if (before === undefined) first.set(whole, at);
    else {
      const places = alike.get(whole);
      if (places === undefined) alike.set(whole, [before, at]);
      else places.push(at);
    }
  }
  for (const [whole, places] of alike) {
    const ordered = places.map((at) => ({ at, position: position(findings[at] as Finding) }));
    ordered.sort((a, b) => compare(a.position, b.position));
    for (const [ordinal, { at }] of ordered.entries()) result[at] = nth(whole, ordinal);
  }
  return result;
}

function nth(whole: string, ordinal: number): string {
  return ordinal === 0 ? whole : `${whole}#${ordinal}`;
}

function position({ lines, subject, title }: Finding): string {
  const line = String(lines?.start ?? 0).padStart(9, '0');
  return JSON.stringify([line, lines?.end, subject.version, subject.purl, title]);
}

/** The format is part of what others keep (SARIF, baselines): a change makes every finding new. */
function identity({ kind, id, subject, lines }: Finding): string {
  return JSON.stringify([
    kind,
    id,
    subject.name,
    bareName(subject.purl ?? ''),
    steadyPath(subject.path ?? lines?.file ?? '', subject.version),
  ]);
}

/** A path without what changes from build to build: digests, names of layers, the version itself. */
function steadyPath(path: string, version: string | undefined): string {
  const named =
    version?.includes('.') === true && path.includes(version)
      ? path.replaceAll(version, '*')
      : path;
  return named.replace(/^(\.?\/)+/, '').replace(/(sha256[:/-])?[0-9a-f]{12,}/gi, '*');
}

/** By code unit: it is quick, and depends on no machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
