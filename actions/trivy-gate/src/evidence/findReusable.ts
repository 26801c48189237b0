import { findTrusted } from '../../../../shared/evidence/findTrusted.ts';
import type { Statement } from '../../../../shared/evidence/Statement.ts';
import { verdictPredicate } from '../../../../shared/evidence/verdictStatement.ts';
import type { Trust } from '../../../../shared/evidence/verifyStatement.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { Patience } from '../../../../shared/oci/patiently.ts';
import type { Digest, PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { keyAnnotation } from './GateRecord.ts';
import { readRecord } from './readRecord.ts';
import { type Retold, retell } from './retell.ts';

export interface ReuseWanted {
  readonly key: Digest;
  readonly trust: Trust;
  /** A verdict that is kept for ever would outlive what its readers allow it. */
  readonly maxAgeMs: number;
  readonly now: Date;
}

/** A verdict of before, or why there is none that holds, as the end of a sentence. */
export type Reused =
  | { readonly retold: Retold; readonly why?: undefined }
  | { readonly retold?: undefined; readonly why: string };

/** Clocks of runners differ by seconds. */
const skewMs = 5 * 60_000;

/**
 * Looks for a verdict on this digest that somebody made from the very same inputs. A registry that
 * does not answer is a reason to scan, not a failure.
 */
export async function findReusable(
  client: RegistryClient,
  subject: PinnedReference,
  wanted: ReuseWanted,
  patience: Patience,
): Promise<Reused> {
  const refuse = (statement: Statement) => refuseRecord(statement, wanted);
  const { trust, key } = wanted;
  const request = { predicateType: verdictPredicate, trust, refuse };
  try {
    const found = await findTrusted(client, subject, request, patience, { [keyAnnotation]: key });
    if (found.statement === undefined) return { why: found.why };
    const recorded = readRecord(found.statement);
    if (recorded === undefined) return { why: 'it has no record of ours' };
    return { retold: retell(recorded, found.attached) };
  } catch (error) {
    patience.signal?.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    return { why: oneLine(error.message, 500) };
  }
}

/** Why a signed verdict cannot stand in for a new one; nothing when it can. */
export function refuseRecord(
  statement: Statement,
  { key, maxAgeMs, now }: Pick<ReuseWanted, 'key' | 'maxAgeMs' | 'now'>,
): string | undefined {
  const recorded = readRecord(statement);
  if (recorded === undefined) return 'it has no record of ours';
  const { record, verifiedAt } = recorded;
  const age = now.getTime() - verifiedAt.getTime();
  if (record.key !== key) return 'it was made from other inputs';
  if (record.validUntil !== undefined && record.validUntil <= now) {
    return `it held until ${record.validUntil.toISOString()}`;
  }
  if (age > maxAgeMs) return `it is of ${verifiedAt.toISOString()}, which is too long ago`;
  if (age < -skewMs) return `it is of the future (${verifiedAt.toISOString()})`;
  return undefined;
}
