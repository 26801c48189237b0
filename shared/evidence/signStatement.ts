import { bundleToJSON, type SerializedBundle } from '@sigstore/bundle';
import type { Signer, Witness } from '@sigstore/sign';
// The whole package brings an HTTP client of its own (300 of its 330 KB).
import { DSSEBundleBuilder } from '@sigstore/sign/dist/bundler/dsse.js';
import { formatStatement, type Statement, statementType } from './Statement.ts';

/** A signed statement with all that is needed to check it (Sigstore bundle 0.3), as JSON has it. */
export type Bundle = SerializedBundle;

/**
 * Signs a statement.
 *
 * @param witnesses who say when it was signed; a certificate that has ended by then needs one
 */
export async function signStatement(
  statement: Statement,
  signer: Signer,
  witnesses: Witness[] = [],
): Promise<Bundle> {
  const builder = new DSSEBundleBuilder({ signer, witnesses });
  const bundle = await builder.create({ type: statementType, data: formatStatement(statement) });
  return bundleToJSON(bundle);
}
