import type { Finding } from '../verdict/Finding.ts';

/** Findings of one package in one version, or of one file or object. */
export type Group = readonly [Finding, ...Finding[]];

/**
 * Puts what one update removes together. The order stays: a group comes where its first finding came,
 * so of findings that are worst first the groups are, too.
 *
 * @param most groups; findings of further ones are left out
 */
export function groupByPackage(findings: readonly Finding[], most: number): Group[] {
  const groups: [Finding, ...Finding[]][] = [];
  // Most names have one version, and a key of several parts would have to be made 100,000 times.
  const named = new Map<string, [Finding, ...Finding[]]>();
  const others = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { kind, subject } = finding;
    const [first] = named.get(subject.name) ?? [];
    const isFirst =
      first === undefined || (first.subject.version === subject.version && first.kind === kind);
    const [map, key] = isFirst
      ? [named, subject.name]
      : [others, `${kind}\n${subject.name}\n${subject.version ?? ''}`];
    const group = map.get(key);
    if (group !== undefined) {
      group.push(finding);
      continue;
    }
    if (groups.length >= most) continue;
    const begun: [Finding] = [finding];
    groups.push(begun);
    map.set(key, begun);
  }
  return groups;
}
