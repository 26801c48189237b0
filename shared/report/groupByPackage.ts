import type { Finding } from '../verdict/Finding.ts';

/** Findings of one package in one version, or of one file or object. */
export type Group = readonly [Finding, ...Finding[]];

/**
 * Puts what one update removes together. The order stays: a group comes where its first finding came,
 * so of findings that are worst first the groups are, too.
 */
export function groupByPackage(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { kind, subject } = finding;
    const key = `${kind}\n${subject.name}\n${subject.version ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}
