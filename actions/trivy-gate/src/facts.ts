import type { PinnedReference, Reference } from '../../../shared/oci/Reference.ts';
import { count } from '../../../shared/text/count.ts';
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
    value: `made ${made} UTC, ${age(now() - updatedAt.getTime())} old,`,
    exact: source,
  };
}

function age(milliseconds: number): string {
  const hours = Math.max(0, Math.round(milliseconds / 3_600_000));
  return hours < 48 ? count(hours, 'hour') : count(Math.round(hours / 24), 'day');
}
