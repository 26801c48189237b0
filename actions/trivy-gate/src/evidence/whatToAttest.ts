import type { PolicyName } from '../../../../shared/evidence/verdictStatement.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import type { Judgement } from '../../../../shared/verdict/Verdict.ts';
import type { Attested } from './attestVerdict.ts';
import { type Reusable, recordVerdict } from './recordVerdict.ts';

export interface GateRun {
  readonly subject: PinnedReference;
  readonly policy: PolicyName;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Whether vulnerabilities were looked for: else "none found" would be a claim. */
  readonly lookedForVulnerabilities: boolean;
  /** As `excusesOf` makes it. */
  readonly excuses?: Readonly<Record<string, unknown>> | undefined;
  /** Absent where there is no key: then nobody can reuse the verdict. */
  readonly reusable?: Reusable | undefined;
}

/**
 * What may be claimed of a judgement: nothing of an incomplete one; of a violation in a subject of which
 * not all was seen, the verdict alone, since what is missing from a list of findings reads as fine.
 */
export function whatToAttest(
  inspection: Inspection,
  judgement: Judgement,
  run: GateRun,
): Attested | undefined {
  const { outcome } = judgement.verdict;
  if (outcome === 'incomplete') return undefined;
  const { subject, policy, startedAt, finishedAt, reusable, excuses } = run;
  const claim = { subject, policy, outcome, excuses, verifiedAt: finishedAt };
  const { database, scanner, findings } = inspection;
  const gaps = judgement.gaps ?? inspection.gaps;
  if (gaps.length > 0) return claim;
  return {
    ...claim,
    scan:
      run.lookedForVulnerabilities && database !== undefined && scanner !== undefined
        ? {
            scanner: { ...scanner, uri: trivyPurl(scanner.version) },
            ...{ database, findings, startedAt, finishedAt },
          }
        : undefined,
    record: reusable && recordVerdict(inspection, judgement, reusable),
  };
}

function trivyPurl(version: string): string {
  return `pkg:github/aquasecurity/trivy@v${encodeURIComponent(version)}`;
}
