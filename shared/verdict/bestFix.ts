import * as pep440 from '@renovatebot/pep440';
import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import type { Finding } from './Finding.ts';

/** Each is compared with each; a package that has more of them is not of this world. */
const mostFixes = 100;
const mostLines = 20;

/** The one version of a package to go to. */
export interface BestFix {
  readonly version: string;
  /** How many of the findings it removes; at least so many where versions have no known order. */
  readonly removes: number;
}

/** An order of versions that is surely that of the package's own world. */
interface Order {
  readonly valid: (version: string) => boolean;
  readonly compare: (a: string, b: string) => number;
  /** Versions of the same line are cared for together: a fix in it is in all later ones. */
  readonly line: (version: string) => string;
}

const semantic: Order = {
  valid: (version) => parse(version) !== null,
  compare: (a, b) => compare(a, b),
  line: (version) => `${parse(version)?.major}.${parse(version)?.minor}`,
};
const python: Order = {
  valid: (version) => pep440.valid(version) !== null,
  compare: (a, b) => pep440.compare(a, b),
  line: (version) => `${pep440.major(version)}.${pep440.minor(version)}`,
};
const orders: Readonly<Record<string, Order>> = {
  npm: semantic,
  cargo: semantic,
  golang: semantic,
  nuget: semantic,
  hex: semantic,
  pub: semantic,
  swift: semantic,
  pypi: python,
};
/** Only to choose among versions that are named equally often; it is no order of any distribution. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/**
 * Chooses the version that removes most findings of one package. Where versions have a known order, a
 * version also removes what an earlier one of its line has fixed, and the smallest step wins; elsewhere
 * it is the one that most findings name, the highest of those.
 *
 * @param findings of one package in one version
 */
export function bestFix(findings: readonly Finding[]): BestFix | undefined {
  const fixes = countFixes(findings);
  const named = [...new Set(fixes.flatMap(({ versions }) => versions))];
  const candidates = named.slice(0, mostFixes);
  const order = orderOf(findings, named);
  const installed = findings[0]?.subject.version;
  const removes = (version: string) =>
    fixes
      .filter(({ versions }) =>
        order === undefined ? versions.includes(version) : covers(version, versions, order),
      )
      .reduce((sum, { times }) => sum + times, 0);
  return candidates
    .filter((version) => !order || installed === undefined || order.compare(version, installed) > 0)
    .map((version) => ({ version, removes: removes(version) }))
    .sort(
      (a, b) =>
        b.removes - a.removes ||
        (order?.compare(a.version, b.version) ?? byNumbers.compare(b.version, a.version)),
    )[0];
}

interface Fix {
  readonly versions: readonly string[];
  readonly times: number;
}

/** What fixes how many, the most frequent first. */
function countFixes(findings: readonly Finding[]): Fix[] {
  const counts = new Map<string, number>();
  for (const { fix } of findings) {
    if (fix !== undefined) counts.set(fix, (counts.get(fix) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostFixes)
    .map(([fix, times]) => ({ versions: versionsOf(fix), times }))
    .filter(({ versions }) => versions.length > 0);
}

/** Several versions fix it where several lines of releases are cared for. */
function versionsOf(fix: string): string[] {
  return fix
    .split(',')
    .map((version) => version.trim())
    .filter((version) => version !== '')
    .slice(0, mostLines);
}

function orderOf(findings: readonly Finding[], named: readonly string[]): Order | undefined {
  const { purl, version } = findings[0]?.subject ?? {};
  const order = orders[/^pkg:([a-z]+)\//.exec(purl ?? '')?.[1] ?? ''];
  const all = version === undefined ? named : [...named, version];
  return order !== undefined && all.every(order.valid) ? order : undefined;
}

function covers(version: string, fixes: readonly string[], order: Order): boolean {
  return (
    fixes.every((fix) => order.compare(version, fix) >= 0) ||
    fixes.some((fix) => order.line(fix) === order.line(version) && order.compare(version, fix) >= 0)
  );
}
