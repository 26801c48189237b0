import type { Digest, Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

export interface MovedTag {
  readonly reference: Reference;
  /** What it names now; `undefined` when it is gone. */
  readonly digest: Digest | undefined;
}

/**
 * Which tags no longer name what was pushed under them: another job has pushed since. The digest is
 * ours all the same; whoever goes by the tag gets something else.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function findMovedTags(
  client: Pick<RegistryClient, 'findDigest'>,
  references: readonly Reference[],
  digest: Digest,
): Promise<readonly MovedTag[]> {
  const found = await Promise.all(
    references.map(async (reference) => ({
      reference,
      digest: await client.findDigest(reference, { repeatable: false }),
    })),
  );
  return found.filter((tag) => tag.digest !== digest);
}
