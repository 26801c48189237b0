import type { PinnedReference, Reference } from '../../../shared/oci/Reference.ts';
import { howLong } from '../../../shared/text/howLong.ts';
import type { Fact } from '../../../shared/verdict/Inspection.ts';

/** To what a tag was resolved: it may name another image by the time this is read. */
export function tagFact(given: Reference, image: PinnedReference): Fact[] {
  if (given.digest !== undefined) return [];
  return [
    {
      name: 'Tag',
      value: `${given.tag ?? 'latest'}, which named at that time`,
      exact: image.digest,
    },
  ];
}

/** How old the knowledge is. */
export function databaseFact(source: string, updatedAt: Date, now: () => number = Date.now): Fact {
  const made = updatedAt.toISOString().slice(0, 16).replace('T', ' ');
  return {
    name: 'Database',
    value: `made ${made} UTC, ${howLong(now() - updatedAt.getTime())} old,`,
    exact: source,
  };
}
