import { InputProblem, type Parse } from '../../../../shared/action/InputReader.ts';
import {
  type PinnedReference,
  parseDigest,
  parseReference,
  pin,
  type Reference,
} from '../../../../shared/oci/Reference.ts';

const remedy = 'Write it as the output `reference` of the step that built it: `name@sha256:…`.';

/**
 * Reads `name@sha256:…`, or where a name is known the digest alone. A tag would name something else
 * tomorrow.
 *
 * @param of whose digest a bare one is
 */
export function pinned(of: Reference | undefined): (entry: string) => PinnedReference {
  return (entry) => {
    const bare = /^sha\d+:/.test(entry);
    try {
      if (bare && of !== undefined) return pin(of, parseDigest(entry));
      const reference = parseReference(entry);
      if (!bare && reference.digest !== undefined) return pin(reference, reference.digest);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new InputProblem(`${JSON.stringify(entry)}: ${error.message}`, remedy);
    }
    throw new InputProblem(
      bare
        ? `${JSON.stringify(entry)} is of no image, since \`image\` was not given`
        : `${JSON.stringify(entry)} has no digest`,
      remedy,
    );
  };
}

/** One of them. */
export const pinnedReference: Parse<PinnedReference> = (given) => pinned(undefined)(given.trim());
