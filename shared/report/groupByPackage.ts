import type { Finding } from '../verdict/Finding.ts';

/** Findings of one package in one version, or of one file or object. */
export type Group = readonly [Finding, ...Finding[]];

/**
 * Puts what one update removes together. The order stays: a group comes where its first finding came,
 * so of findings that are worst first the groups are, too.
 */
export function groupByPackage(findings: readonly Finding[]): Group[] {
  const groups: [Finding, ...Finding[]][] = [];
  // By name, and then one by one: a key of several parts would have to be made 100,000 times.
  const named = new Map<string, [Finding, ...Finding[]][]>();
  for (const finding of findings) {
    const { kind, subject } = finding;
    const same = named.get(subject.name) ?? [];
    const group = same.find(
      ([first]) => first.subject.version === subject.version && first.kind === kind,
    );
    if (group !== undefined) {
      group.push(finding);
      continue;
    }
    const begun: [Finding] = [finding];
    groups.push(begun);
    if (same.push(begun) === 1) named.set(subject.name, same);
  }
  return groups;
}
