import type { Digest } from '../../../../shared/oci/Reference.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import {
  type Severity,
  type SeverityCounts,
  severities,
} from '../../../../shared/verdict/Severity.ts';
import type { Judgement } from '../../../../shared/verdict/Verdict.ts';
import type { Recorded } from './readRecord.ts';

export interface Retold {
  readonly inspection: Inspection;
  readonly judgement: Judgement;
  /** Of all findings, also of those that were not kept. */
  readonly findings: SeverityCounts;
  /** Of those that count. */
  readonly counted: SeverityCounts;
  /** How many there were in each list. */
  readonly totals: Readonly<Record<'counted' | 'known' | 'waived' | 'others', number>>;
}

/**
 * Makes of a kept verdict what a scan and a judgement make, and says that it was kept.
 *
 * @param attached as what it is attached to the image
 */
export function retell({ record, verifiedAt }: Recorded, attached?: Digest): Retold {
  const { counted, known, waived, others, outcome, reason, remedy } = record;
  const lists = { counted, known, waived, others };
  const totals = {
    counted: total(counted.counts),
    known: total(known.counts),
    waived: total(waived.counts),
    others: total(others.counts),
  };
  const all: readonly Finding[] = [
    ...counted.worst,
    ...known.worst,
    ...waived.worst.map(({ finding }) => finding),
    ...others.worst,
  ];
  const shown = all.length;
  const sum = Object.values(totals).reduce((a, b) => a + b, 0);
  return {
    inspection: {
      subject: record.subject,
      findings: all,
      gaps: [],
      notices: [
        ...(shown < sum ? [`Only the worst ${shown} of ${sum} findings are kept there.`] : []),
        ...record.notices,
      ],
      facts: [
        {
          name: 'Not scanned again',
          value: `Nothing that this verdict rests on has changed since ${verifiedAt.toISOString()}, so it was read from the registry.`,
        },
        ...record.facts.map(({ exact, ...fact }) => ({
          ...fact,
          ...(exact !== undefined && { exact }),
        })),
        ...(attached === undefined
          ? []
          : [{ name: 'Evidence', value: 'the signed verdict is attached as', exact: attached }]),
      ],
      database: record.database && { ...record.database, digest: record.database.digest },
      scanner: record.scanner,
      system: record.system,
      scannedAt: record.scannedAt,
    },
    judgement: {
      verdict: { outcome, reason, remedy, details: undefined },
      counted: counted.worst,
      known: known.worst,
      waived: waived.worst,
      others: others.worst,
      notices: [],
      gaps: [],
      baseline: record.baseline,
    },
    findings: Object.fromEntries(
      severities.map((severity) => [
        severity,
        Object.values(lists).reduce((sum, { counts }) => sum + counts[severity], 0),
      ]),
    ) as Record<Severity, number>,
    counted: counted.counts,
    totals,
  };
}

function total(counts: SeverityCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
