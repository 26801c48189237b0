import { oneLine } from '../log/oneLine.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import type { Judgement } from '../verdict/Verdict.ts';
import { nextRelease } from './nextRelease.ts';
import type { Origin } from './originOf.ts';

/** What removes most at once: another base. Sentences that quote untrusted text. */
export function adviceOf(
  { system }: Pick<Inspection, 'system'>,
  { counted }: Pick<Judgement, 'counted'>,
  origin: (finding: Finding) => Origin,
): string[] {
  const known = counted.map(origin).filter(({ inBase }) => inBase !== undefined);
  const based = known.filter(({ inBase }) => inBase).length;
  return [
    ...(based > 0 ? [share(based, counted.length)] : []),
    ...(system?.endOfLife ? [endOfLife(system)] : []),
  ];
}

function share(based: number, all: number): string {
  return `${based} of ${all} that count ${based === 1 ? 'comes' : 'come'} from the base image: a newer or smaller base removes most at once.`;
}

function endOfLife({ family, name }: { readonly family: string; readonly name: string }): string {
  const next = nextRelease(family, name);
  const target =
    next === undefined
      ? `a release of ${oneLine(family)} that still gets fixes`
      : `${family} ${next} or later`;
  return `${oneLine(family)} ${oneLine(name)} gets no more fixes: move the base image to ${target}.`;
}
