import * as v from 'valibot';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';

/** A target, as buildx understands it: all files merged, all that it inherits and that is set applied. */
export interface BakeTarget {
  readonly name: string;
  /** A folder, or an address. */
  readonly context: string;
  readonly dockerfile: string;
  readonly tags: readonly Reference[];
  readonly platforms: readonly string[];
  /** Whether its file says itself where the result goes. */
  readonly hasOutput: boolean;
  /** Whether its file says itself what is attested. */
  readonly attests: boolean;
}

const schema = v.object({
  target: v.record(
    v.string(),
    v.object({
      context: v.optional(v.string(), '.'),
      dockerfile: v.optional(v.string(), 'Dockerfile'),
      tags: v.optional(v.array(v.string()), []),
      platforms: v.optional(v.array(v.string()), []),
      output: v.optional(v.array(v.unknown()), []),
      attest: v.optional(v.array(v.unknown()), []),
    }),
  ),
});

/** Reads what `buildx bake --print` says. */
export function readTargets(printed: string): readonly BakeTarget[] {
  const { target } = v.parse(schema, JSON.parse(printed));
  return Object.entries(target).map(([name, { output, attest, tags, ...others }]) => ({
    ...{ name, ...others },
    tags: tags.map(parseReference),
    hasOutput: output.length > 0,
    attests: attest.length > 0,
  }));
}
