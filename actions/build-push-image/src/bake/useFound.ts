import { formatReference, pin } from '../../../../shared/oci/Reference.ts';
import type { FoundTarget } from './findBaked.ts';
import { targetOf } from './keyInputs.ts';
import type { BakeTarget } from './readTargets.ts';

/**
 * Overrides (`--set`) by which what was found stands in for the targets that others build on, so that
 * these are not built either.
 */
export function useFound(
  targets: readonly BakeTarget[],
  found: ReadonlyMap<string, FoundTarget>,
): readonly string[] {
  const byName = new Map(targets.map((target) => [target.name, target]));
  return targets.flatMap(({ name, contexts }) => {
    if (found.get(name)?.manifest !== undefined) return [];
    return Object.entries(contexts).flatMap(([context, value]) => {
      const other = targetOf(value) ?? '';
      const digest = found.get(other)?.manifest?.digest;
      const [tag] = byName.get(other)?.tags ?? [];
      // A dot would part the name; such a target is taken from the builder's cache.
      if (digest === undefined || tag === undefined || !/^[\w-]+$/.test(context)) return [];
      return [`${name}.contexts.${context}=docker-image://${formatReference(pin(tag, digest))}`];
    });
  });
}
