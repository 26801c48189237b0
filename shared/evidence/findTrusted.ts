import type { Patience } from '../oci/patiently.ts';
import type { PinnedReference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { fetchStatement } from './fetchStatement.ts';
import { type Found, judgeBundle, type Wanted } from './judgeBundle.ts';
import { listStatements } from './listStatements.ts';

/**
 * Looks for a statement about a digest that a trusted signer made.
 *
 * @param annotations what the list of what is attached says of it, to fetch fewer; it proves nothing
 * @returns the newest one that counts
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function findTrusted(
  client: RegistryClient,
  subject: PinnedReference,
  wanted: Wanted,
  patience: Patience,
  annotations: Readonly<Record<string, string>> = {},
): Promise<Found> {
  const reasons = new Set<string>();
  const { predicateType } = wanted;
  // One after the other: mostly the newest one counts.
  for (const attached of await listStatements(client, subject, predicateType, annotations)) {
    const bundle = await fetchStatement(client, subject, attached, patience);
    if (bundle === undefined) continue;
    const found = judgeBundle(bundle, subject.digest, wanted);
    if (found.statement !== undefined) return { ...found, attached: attached.digest };
    reasons.add(found.why);
  }
  return { why: reasons.size === 0 ? 'nobody signed it' : [...reasons].join('; ') };
}
