import type { Patience } from '../oci/patiently.ts';
import type { PinnedReference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { findStatements } from './findStatements.ts';
import type { Statement } from './Statement.ts';
import { type Trust, Untrusted, verifyStatement } from './verifyStatement.ts';

export interface Wanted {
  readonly predicateType: string;
  readonly trust: Trust;
  /** Why a statement of a trusted signer does not do, as the end of a sentence; nothing when it does. */
  readonly refuse: (statement: Statement) => string | undefined;
}

/** The newest statement that counts, or why there is none: `it is signed by another key`. */
export type Found =
  | { readonly statement: Statement; readonly why?: undefined }
  | { readonly statement?: undefined; readonly why: string };

/**
 * Looks for a statement about a digest that a trusted signer made. One that is about another digest, or
 * that nobody signed who counts, is none.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function findTrusted(
  client: RegistryClient,
  subject: PinnedReference,
  { predicateType, trust, refuse }: Wanted,
  patience: Patience,
): Promise<Found> {
  const reasons = new Set<string>();
  for (const bundle of await findStatements(client, subject, predicateType, patience)) {
    const { statement, why } = judge(bundle);
    if (statement !== undefined) return { statement };
    reasons.add(why);
  }
  return { why: reasons.size === 0 ? 'nobody signed it' : [...reasons].join('; ') };

  function judge(bundle: unknown): Found {
    try {
      const statement = verifyStatement(bundle, trust);
      const why =
        statement.subject.digest !== subject.digest
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
}
