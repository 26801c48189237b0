import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';

/** How many the report itself says that it has, by severity. */
export type Summary = Readonly<Record<string, number>>;

const counted = ['criticalCount', 'highCount', 'mediumCount', 'lowCount', 'unknownCount'];

/**
 * Compares a report with its own summary: one that was cut says less than it found.
 *
 * @throws {Failure} when they differ
 */
export function checkWhole(name: string, summary: Summary | undefined, held: number): void {
  if (summary === undefined) return;
  const said = counted.reduce((sum, field) => sum + (summary[field] ?? 0), 0);
  if (said === held) return;
  throw new Failure({
    what: `The report ${oneLine(name)} is not whole: it says that it has ${said} findings, and has ${held}.`,
    remedy: 'Delete it, so that the operator makes it anew.',
  });
}
