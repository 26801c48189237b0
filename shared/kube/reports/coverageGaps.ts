import { oneLine } from '../../log/oneLine.ts';
import type { Gap } from '../../verdict/Inspection.ts';

/** Further ones are only in the details. */
const named = 5;

/** Names of what is not covered, by what is wrong. */
export type Uncovered = Readonly<
  Record<'missing' | 'unproven' | 'outdated' | 'stale', readonly string[]>
>;

/**
 * What the reports leave uncovered.
 *
 * @param what the reports, in the singular: `vulnerability report`
 */
export function coverageGaps(what: string, uncovered: Uncovered, notBefore?: Date): Gap[] {
  const wait = 'Wait until the operator has scanned';
  return [
    gap(uncovered.missing, {
      what: (places) => `No ${what} is about what runs in ${places}.`,
      remedy: `${wait} it; if it does not, look at its log and at its settings, which can leave out namespaces, workloads and init containers.`,
    }),
    gap(uncovered.unproven, {
      what: (places) => `The ${what} does not say which image it has seen in ${places}.`,
      why: 'It has a tag and no digest, and a tag may have named another image since.',
      remedy: 'Deploy images by their digest, and update the operator.',
    }),
    gap(uncovered.outdated, {
      what: (places) => `The ${what} is older than what runs in ${places}.`,
      remedy: `${wait} again, or delete the report so that it does.`,
    }),
    gap(uncovered.stale, {
      what: (places) => `The ${what} is too old for ${places}.`,
      why: `It was made before ${notBefore?.toISOString() ?? 'what is allowed'}.`,
      remedy: `${wait} again (its setting for the age of reports says when), or delete the report so that it does.`,
    }),
  ].filter((found) => found !== undefined);
}

function gap(
  names: readonly string[],
  { what, ...rest }: { what: (places: string) => string; why?: string; remedy: string },
): Gap | undefined {
  const places = [...new Set(names)];
  if (places.length === 0) return undefined;
  const { text, details } = enumerate(places);
  return { ...rest, what: what(text), details };
}

/** The first few names, and how many more there are; all of them when that is not all. */
export function enumerate(names: readonly string[]): {
  readonly text: string;
  readonly details: string | undefined;
} {
  const first = names.slice(0, named).map((name) => oneLine(name));
  const more = names.length - first.length;
  return {
    text: more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', '),
    details: more > 0 ? names.map((name) => oneLine(name)).join('\n') : undefined,
  };
}
