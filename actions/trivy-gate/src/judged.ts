import type { Runner } from '../../../shared/action/Runner.ts';
import { planSigning } from '../../../shared/evidence/planSigning.ts';
import type { Digest, PinnedReference } from '../../../shared/oci/Reference.ts';
import type { Trivy } from '../../../shared/trivy/runTrivy.ts';
import { countBySeverity } from '../../../shared/verdict/countBySeverity.ts';
import { countsBy } from '../../../shared/verdict/counts.ts';
import type { Finding } from '../../../shared/verdict/Finding.ts';
import { identities } from '../../../shared/verdict/fingerprint.ts';
import type { Inspection } from '../../../shared/verdict/Inspection.ts';
import type { JudgeContext } from '../../../shared/verdict/JudgeContext.ts';
import { judge } from '../../../shared/verdict/judge.ts';
import { validUntil } from '../../../shared/verdict/validUntil.ts';
import type { Baseline } from './baseline/resolveBaseline.ts';
import type { Retold } from './evidence/retell.ts';
import type { Gate } from './Gate.ts';
import type { Inputs } from './inputs.ts';
import type { ReuseSubject } from './keyOf.ts';
import type { LookAgain, Seen } from './Seen.ts';

/** How it was looked at, as far as there is anything to say. */
export interface How {
  readonly image?: PinnedReference | undefined;
  readonly reports?: readonly string[];
  readonly trivy?: Trivy;
  readonly inspect?: LookAgain['inspect'];
  readonly baseline?: Baseline | undefined;
  readonly key?: Digest | undefined;
}

/** Judges what was seen. */
export function judged(
  seen: Inspection,
  { decide: { policy } }: Inputs,
  { now, ...context }: JudgeContext,
  { image, reports = [], trivy, inspect, baseline, key }: How = {},
): Seen {
  const inspection: Inspection = {
    ...seen,
    gaps: [...seen.gaps, ...(baseline?.gaps ?? [])],
    notices: [...seen.notices, ...(baseline?.notices ?? [])],
  };
  const full: JudgeContext = { ...context, now, baseline };
  const judgement = judge(inspection, policy, full);
  return {
    ...{ inspection, judgement, reports, image, trivy, reused: false, startedAt: now },
    findings: looked(inspection, reports) ? countBySeverity(inspection.findings) : undefined,
    counted: countBySeverity(judgement.counted),
    totals: { counted: judgement.counted.length, waived: judgement.waived.length },
    lookAgain: inspect && { inspect, judge: (other) => judge(other, policy, full) },
    removed: baseline && removedSince(baseline, inspection, countsBy(policy, full)),
    reusable: key && { key, validUntil: validUntil(inspection, policy, full) },
  };
}

function looked({ gaps, findings }: Inspection, reports: readonly string[]): boolean {
  return reports.length > 0 || findings.length > 0 || gaps.length === 0;
}

/** What counted in the baseline and is no longer there. */
function removedSince(
  { findings }: Baseline,
  inspection: Inspection,
  counts: (finding: Finding) => boolean,
): readonly Finding[] {
  const now = new Set(identities(inspection.findings));
  const before = identities(findings);
  return findings.filter((finding, at) => counts(finding) && !now.has(before[at] ?? ''));
}

/**
 * Looks whether a signed verdict of before stands in for a scan.
 *
 * @returns that verdict; or the key by which a later run may find this one, and why there is none
 */
export async function retold(
  inputs: Inputs,
  image: PinnedReference | undefined,
  subject: Pick<ReuseSubject, 'database' | 'baseline'>,
  gate: Gate,
  runner: Runner,
  { now }: JudgeContext,
): Promise<{ seen?: Seen; why?: string; key?: How['key'] }> {
  const { evidence, target, baseline } = inputs;
  if (image === undefined || target.kind !== 'image') return {};
  const hasIdentity = runner.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  const signs = evidence.attest !== 'false' && planSigning(evidence, hasIdentity).by !== 'nobody';
  // Without a signature nobody could find it again.
  if (!signs && !evidence.reuse) return {};
  if (baseline !== undefined && subject.baseline === undefined) return {};
  const { keyOf } = await import('./keyOf.ts');
  const key = await keyOf({ ...subject, image, platform: target.platform }, inputs, runner, now);
  if (key === undefined) return {};
  if (!evidence.reuse) return { key };
  const { findReuse } = await import('./findReuse.ts');
  const found = await findReuse(image, key, inputs, gate, runner, now);
  if (found.retold === undefined) {
    return { key, why: `No verdict of before could stand in: ${found.why}.` };
  }
  return { seen: seenBefore(found.retold, image, now) };
}

function seenBefore(
  { inspection, judgement, findings, counted, totals }: Retold,
  image: PinnedReference,
  startedAt: Date,
): Seen {
  return {
    ...{ inspection, judgement, findings, counted, image, totals, startedAt, reused: true },
    removed: undefined,
    reports: [],
    reusable: undefined,
    trivy: undefined,
  };
}
