import type { Digest } from '../oci/Reference.ts';
import type { Statement } from './Statement.ts';
import { type Trust, Untrusted, verifyStatement } from './verifyStatement.ts';

export interface Wanted {
  readonly predicateType: string;
  readonly trust: Trust;
  /** Why a statement of a trusted signer does not do, as the end of a sentence; nothing when it does. */
  readonly refuse?: (statement: Statement) => string | undefined;
}

/** A statement that counts, or why there is none: `it is signed by another key`. */
export type Found =
  | {
      readonly statement: Statement;
      /** Of what is attached, where it was found there. */
      readonly attached?: Digest;
      readonly why?: undefined;
    }
  | { readonly statement?: undefined; readonly why: string };

/**
 * Whether a bundle that lies beside a digest counts. One that is about another digest, or that nobody
 * signed who counts, is none.
 */
export function judgeBundle(
  bundle: unknown,
  subject: Digest,
  { predicateType, trust, refuse = () => undefined }: Wanted,
): Found {
  try {
    const statement = verifyStatement(bundle, trust);
    const why =
      statement.subject.digest !== subject
        ? 'what is signed is another digest'
        : statement.predicateType !== predicateType
          ? 'what is signed is another kind of statement'
          : refuse(statement);
    return why === undefined ? { statement } : { why };
  } catch (error) {
    if (!(error instanceof Untrusted)) throw error;
    return { why: error.message };
  }
}
