import { oneLine } from '../../log/oneLine.ts';
import { count } from '../../text/count.ts';
import type { Gap } from '../../verdict/Inspection.ts';
import type { Matches } from './matchReports.ts';
import { type RunningContainer, workloadKey } from './RunningImage.ts';

/** Further ones are only in the details. */
const named = 5;

/** What the reports leave uncovered, naming the workloads. */
export function coverageGaps(
  what: string,
  { missing, outdated, stale }: Pick<Matches, 'missing' | 'outdated' | 'stale'>,
  notBefore: Date | undefined,
): Gap[] {
  const wait = 'Wait until the operator has scanned it';
  return [
    gap(missing, {
      what: (places) => `No ${what} covers what runs in ${places}.`,
      why: 'A report counts only for the digest of the image that runs.',
      remedy: `${wait}; if it does not, look at its log, and at its settings which leave out namespaces, workloads and init containers.`,
    }),
    gap(outdated, {
      what: (places) => `The ${what} is older than the pods in ${places}.`,
      remedy: `${wait} again, or delete the report so that it does.`,
    }),
    gap(stale, {
      what: (places) =>
        `The ${what} is too old in ${places}: it was made before ${notBefore?.toISOString() ?? ''}.`,
      remedy: `${wait} again (its scannerReportTTL says how often), or delete the report so that it does.`,
    }),
  ].filter((found) => found !== undefined);
}

function gap(
  containers: readonly RunningContainer[],
  { what, ...rest }: { what: (places: string) => string; why?: string; remedy: string },
): Gap | undefined {
  const places = [...new Set(containers.map(nameOf))];
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
    text: more > 0 ? `${first.join(', ')} and ${count(more, 'more place')}` : first.join(', '),
    details: more > 0 ? names.map((name) => oneLine(name)).join('\n') : undefined,
  };
}

function nameOf({ workload, name }: RunningContainer): string {
  return `${workloadKey(workload)} (${name})`;
}
