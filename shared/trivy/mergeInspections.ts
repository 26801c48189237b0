import type { Finding } from '../verdict/Finding.ts';
import type { Fact, Inspection, Package } from '../verdict/Inspection.ts';

/** What was seen of one image of an index. */
export interface PlatformInspection {
  /** As a person reads it; `undefined` where there is only one. */
  readonly platform: string | undefined;
  readonly inspection: Inspection;
}

/**
 * Makes one inspection of those of all platforms. What is wrong on each of them is one finding; a gap
 * of one is a gap of the whole.
 */
export function mergeInspections(subject: string, seen: readonly PlatformInspection[]): Inspection {
  const [only] = seen;
  if (seen.length === 1 && only !== undefined) return { ...only.inspection, subject };
  const all = seen.map(({ inspection }) => inspection);
  const told = <T>(
    of: (inspection: Inspection) => readonly T[],
    name: (item: T, by: string) => T,
  ) =>
    seen.flatMap(({ platform, inspection }) =>
      of(inspection).map((item) => name(item, platform ?? 'an image of no known platform')),
    );
  const times = all.flatMap(({ scannedAt }) => scannedAt ?? []);
  return {
    subject,
    findings: unique(
      all.flatMap(({ findings }) => findings),
      keyOfFinding,
    ),
    gaps: told(
      ({ gaps }) => gaps,
      (gap, platform) => ({ ...gap, what: `${platform}: ${gap.what}` }),
    ),
    notices: told(
      ({ notices }) => notices,
      (notice, platform) => `${platform}: ${notice}`,
    ),
    facts: mergeFacts(seen),
    system: all.map(({ system }) => system).find((system) => system?.endOfLife) ?? all[0]?.system,
    packages: unique(
      all.flatMap(({ packages = [] }) => packages),
      keyOfPackage,
    ),
    image: all[0]?.image,
    database: all[0]?.database,
    scanner: all.find(({ scanner }) => scanner !== undefined)?.scanner,
    // The oldest one says how old the whole is.
    scannedAt: times.length === 0 ? undefined : new Date(Math.min(...times.map(Number))),
  };
}

/** What is the same everywhere is said once. */
function mergeFacts(seen: readonly PlatformInspection[]): Fact[] {
  const facts = seen.flatMap(({ platform, inspection }) =>
    inspection.facts.map((fact) => ({ fact, platform })),
  );
  const occurrences = new Map<string, number>();
  for (const { fact } of facts) {
    const key = JSON.stringify(fact);
    occurrences.set(key, (occurrences.get(key) ?? 0) + 1);
  }
  const merged = facts
    .filter(({ fact }) => fact.name !== 'Platform')
    .map(({ fact, platform }) =>
      occurrences.get(JSON.stringify(fact)) === seen.length || platform === undefined
        ? fact
        : { ...fact, name: `${fact.name} (${platform})` },
    );
  const platforms = seen.map(({ platform }) => platform ?? 'not known').join(', ');
  return [
    { name: 'Platforms', value: platforms },
    ...unique(merged, (fact) => JSON.stringify(fact)),
  ];
}

/** Without what names the architecture: the package URL does. */
function keyOfFinding({ kind, id, subject, lines, fix }: Finding): string {
  const { name, version, path } = subject;
  return JSON.stringify([kind, id, name, version, path, fix, lines?.start]);
}

function keyOfPackage({ name, version, path }: Package): string {
  return JSON.stringify([name, version, path]);
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const known = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!known.has(key)) known.set(key, item);
  }
  return [...known.values()];
}
