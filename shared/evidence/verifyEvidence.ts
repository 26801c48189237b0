import { oneLine } from '../log/oneLine.ts';
import type { Patience } from '../oci/patiently.ts';
import type { Digest, PinnedReference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { sideBySide } from '../oci/sideBySide.ts';
import { count } from '../text/count.ts';
import { fetchStatement } from './fetchStatement.ts';
import { judgeBundle } from './judgeBundle.ts';
import { listStatements } from './listStatements.ts';
import { readVerdict, type VerdictRead } from './readVerdict.ts';
import type { Statement } from './Statement.ts';
import { policyUri, verdictPredicate } from './verdictStatement.ts';
import type { Trust } from './verifyStatement.ts';

export interface EvidenceWanted {
  /** A policy's name, its URI, or its digest; any policy does when there is none. */
  readonly policy?: string | undefined;
  readonly trust: Trust;
  /** A URI: only what this one judged counts, whoever signed it. */
  readonly verifier?: string | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly now: Date;
}

/** Whether there is a passing verdict; if not, why, as the end of a sentence. */
export type Evidence =
  | { readonly ok: true; readonly verdict: VerdictRead; readonly statement: Statement }
  | { readonly ok: false; readonly why: string };

/** Clocks of runners differ by seconds. */
const skewMs = 5 * 60_000;

/**
 * Whether a trusted signer says of a digest that it passed, lately. The newest verdict counts by the time
 * that is signed, so an older pass beside a newer failure is none. Where the image lies does not matter:
 * its digest is its content, and a promotion takes the evidence along.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function verifyEvidence(
  client: RegistryClient,
  subject: PinnedReference,
  wanted: EvidenceWanted,
  patience: Patience,
): Promise<Evidence> {
  const attached = await listStatements(client, subject, verdictPredicate);
  const bundles = await sideBySide(attached, 6, (one) =>
    fetchStatement(client, subject, one, patience),
  );
  return judgeEvidence(
    bundles.filter((bundle) => bundle !== undefined),
    subject.digest,
    wanted,
  );
}

/** The same of bundles that are at hand. */
export function judgeEvidence(
  bundles: readonly unknown[],
  subject: Digest,
  { policy, trust, verifier, maxAgeMs, now }: EvidenceWanted,
): Evidence {
  const reasons = new Set<string>();
  let newest: Extract<Evidence, { ok: true }> | undefined;
  for (const bundle of bundles) {
    const { statement, why } = judgeBundle(bundle, subject, {
      predicateType: verdictPredicate,
      trust,
    });
    if (statement === undefined) {
      reasons.add(why);
      continue;
    }
    const verdict = readVerdict(statement);
    const other = verdict === undefined ? 'it is no verification summary' : differs(verdict);
    if (verdict === undefined || other !== undefined) reasons.add(other ?? '');
    else if (newest === undefined || comesAfter(verdict, newest.verdict)) {
      newest = { ok: true, verdict, statement };
    }
  }
  if (newest === undefined) {
    const why = reasons.size === 0 ? 'it has no signed verdict' : [...reasons].join('; ');
    return { ok: false, why };
  }
  const why = refuse(newest.verdict, maxAgeMs, now);
  return why === undefined ? newest : { ok: false, why };

  function differs(verdict: VerdictRead): string | undefined {
    if (verifier !== undefined && verdict.verifier !== verifier) {
      return `it was judged by ${oneLine(verdict.verifier)}, not ${verifier}`;
    }
    if (policy === undefined || verdict.policy.digest === policy) return undefined;
    if (verdict.policy.uri === policyUri(policy)) return undefined;
    return `its verdict is of the policy ${oneLine(verdict.policy.uri)}, not ${policy}`;
  }
}

/** Of two at the same moment, the failure counts. */
function comesAfter(one: VerdictRead, other: VerdictRead): boolean {
  const later = one.verifiedAt.getTime() - other.verifiedAt.getTime();
  return later > 0 || (later === 0 && !one.passed);
}

function refuse(
  { verifiedAt, passed, policy }: VerdictRead,
  maxAgeMs: number | undefined,
  now: Date,
): string | undefined {
  const age = now.getTime() - verifiedAt.getTime();
  if (!passed) {
    return `the newest verdict, of ${verifiedAt.toISOString()}, is that it violates ${oneLine(policy.uri)}`;
  }
  if (age < -skewMs) return `its verdict is of the future (${verifiedAt.toISOString()})`;
  if (maxAgeMs !== undefined && age > maxAgeMs) {
    return `its verdict is ${duration(age)} old, and ${duration(maxAgeMs)} is the most`;
  }
  return undefined;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return count(minutes, 'minute');
  return minutes < 48 * 60
    ? count(Math.floor(minutes / 60), 'hour')
    : count(Math.floor(minutes / 60 / 24), 'day');
}
