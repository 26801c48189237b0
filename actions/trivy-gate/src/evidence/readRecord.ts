import * as v from 'valibot';
import { readVerdict } from '../../../../shared/evidence/readVerdict.ts';
import type { Statement } from '../../../../shared/evidence/Statement.ts';
import { type GateRecord, gateRecord, recordField } from './GateRecord.ts';

export interface Recorded {
  readonly record: GateRecord;
  readonly verifiedAt: Date;
}

/** @returns `undefined` for a summary of another tool, or of another version of ours */
export function readRecord(statement: Statement): Recorded | undefined {
  const verdict = readVerdict(statement);
  const read = v.safeParse(gateRecord, statement.predicate[recordField]);
  if (verdict === undefined || !read.success) return undefined;
  // Both are signed, and the one that others read has to say the same.
  if (verdict.passed !== (read.output.outcome === 'pass')) return undefined;
  return { record: read.output, verifiedAt: verdict.verifiedAt };
}
