import type { Finding } from './Finding.ts';
import { type Severity, type SeverityCounts, severities } from './Severity.ts';

/** Counts findings; each severity is there, worst first, so that a reader of the JSON need not ask. */
export function countBySeverity(findings: readonly Finding[]): SeverityCounts {
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<
    Severity,
    number
  >;
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** `2 CRITICAL, 1 HIGH`: the severities that occur, worst first; empty for no findings. */
export function describeCounts(counts: SeverityCounts): string {
  return severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`)
    .join(', ');
}
