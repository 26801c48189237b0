import type { Digest } from '../../../../shared/oci/Reference.ts';
import { countBySeverity } from '../../../../shared/verdict/countBySeverity.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import type { Judgement } from '../../../../shared/verdict/Verdict.ts';

/** How many findings are kept to be shown again; the counts are of all. */
export const kept = { counted: 200, known: 50, waived: 200, others: 50 } as const;

const longestText = 1000;

export interface Reusable {
  /** As `reuseKey` makes it. */
  readonly key: Digest;
  /** As `nextChange` finds it. */
  readonly validUntil: Date | undefined;
}

/**
 * What has to be kept of a verdict so that it can be told once more without a scan, as JSON.
 *
 * @returns nothing for a verdict that may not be told again: one of a subject of which not all was seen
 */
export function recordVerdict(
  inspection: Inspection,
  judgement: Judgement,
  { key, validUntil }: Reusable,
): Record<string, unknown> | undefined {
  const { verdict, counted, known, waived, others, notices, baseline, gaps } = judgement;
  if (verdict.outcome === 'incomplete' || (gaps ?? inspection.gaps).length > 0) return undefined;
  const { subject, facts, database, scanner, system, scannedAt } = inspection;
  return bounded({
    ...{ key, validUntil, outcome: verdict.outcome, reason: verdict.reason },
    ...{ remedy: verdict.remedy, baseline, subject, facts, database, scanner, system, scannedAt },
    notices: [...inspection.notices, ...notices],
    counted: list(counted, kept.counted, (finding) => finding),
    known: list(known, kept.known, (finding) => finding),
    waived: list(waived, kept.waived, ({ finding }) => finding),
    others: list(others, kept.others, (finding) => finding),
  });
}

function list<T>(all: readonly T[], most: number, findingOf: (item: T) => Finding) {
  return { counts: countBySeverity(all.map(findingOf)), worst: all.slice(0, most) };
}

/** One hostile text must not make it as large as the registry allows. */
function bounded(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'string' ? part.slice(0, longestText).toWellFormed() : part,
    ),
  );
}
