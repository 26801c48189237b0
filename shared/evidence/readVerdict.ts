import * as v from 'valibot';
import type { Statement } from './Statement.ts';
import { verdictPredicate } from './verdictStatement.ts';

/** A verification summary as it was read, whoever wrote it. The texts are untrusted. */
export interface VerdictRead {
  readonly verifier: string;
  readonly verifiedAt: Date;
  readonly policy: { readonly uri: string; readonly digest: string | undefined };
  readonly passed: boolean;
}

const schema = v.object({
  verifier: v.object({ id: v.string() }),
  timeVerified: v.pipe(
    v.string(),
    v.transform((text) => new Date(text)),
    v.check((date) => !Number.isNaN(date.getTime())),
  ),
  policy: v.object({
    uri: v.string(),
    digest: v.optional(v.record(v.string(), v.string()), {}),
  }),
  verificationResult: v.picklist(['PASSED', 'FAILED']),
});

/** @returns `undefined` for what is no verification summary */
export function readVerdict({ predicateType, predicate }: Statement): VerdictRead | undefined {
  const read = v.safeParse(schema, predicate);
  if (predicateType !== verdictPredicate || !read.success) return undefined;
  const { verifier, timeVerified, policy, verificationResult } = read.output;
  const { sha256 } = policy.digest;
  return {
    verifier: verifier.id,
    verifiedAt: timeVerified,
    policy: { uri: policy.uri, digest: sha256 === undefined ? undefined : `sha256:${sha256}` },
    passed: verificationResult === 'PASSED',
  };
}
