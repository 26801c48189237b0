import { formatReference, type PinnedReference, type Reference } from '../oci/Reference.ts';
import { bareName } from '../text/bareName.ts';
import { count } from '../text/count.ts';
import type { Finding } from '../verdict/Finding.ts';

/** A base that could stand in another's place, and what would count of it. */
export interface Candidate {
  readonly named: Reference;
  readonly image: PinnedReference;
  readonly counted: readonly Finding[];
}

/** What was found about another base. */
export interface BaseAdvice {
  readonly base: Reference;
  /** What counts and came with the base that is used. */
  readonly current: readonly Finding[];
  /** Those that were judged, the nearest first. */
  readonly candidates: readonly Candidate[];
  /** What was not judged, and so is no candidate. */
  readonly unjudged: readonly Reference[];
}

/** Says which base removes most of what counts, by what was found in each; text that quotes untrusted names. */
export function bestBase({ base, current, candidates, unjudged }: BaseAdvice): string {
  const now = current.length;
  const used = show(base);
  if (now === 0) return `None of what counts comes from the base image ${used}.`;
  const verb = now === 1 ? 'comes' : 'come';
  const left = unjudged.length === 0 ? '' : ` Not judged: ${unjudged.map(show).join(', ')}.`;
  const [best] = candidates
    .map((candidate) => ({ candidate, ...differenceOf(current, candidate.counted) }))
    .filter(({ gone, added }) => gone > added)
    .sort((a, b) => b.gone - b.added - (a.gone - a.added));
  if (best === undefined) {
    const looked = candidates.map(({ named }) => show(named)).join(', ');
    const said =
      looked === ''
        ? 'No newer tag of the same variant could be judged.'
        : `Of its newer tags none has fewer (judged: ${looked}).`;
    return `${count(now, 'finding')} that count ${verb} from the base image ${used}. ${said}${left}`;
  }
  const { named, image } = best.candidate;
  const again = named.tag === base.tag;
  const move = again
    ? `Build the image again on ${show(named)} as it is now (${image.digest})`
    : `Move the base image from ${used} to ${show(named)} (${image.digest})`;
  const brings =
    best.added === 0 ? '' : `, and ${best.added} ${best.added === 1 ? 'comes' : 'come'}`;
  return `${move}: of ${count(now, 'finding')} that count and ${verb} from the base, ${best.gone} ${best.gone === 1 ? 'goes' : 'go'}${brings}. ${count(candidates.length, 'base')} judged by the same policy and database.${left}`;
}

function differenceOf(current: readonly Finding[], next: readonly Finding[]) {
  const before = new Set(current.map(identity));
  const after = new Set(next.map(identity));
  return {
    gone: current.filter((finding) => !after.has(identity(finding))).length,
    added: next.filter((finding) => !before.has(identity(finding))).length,
  };
}

/** Without version and place: the same advisory of the same package is no gain. */
function identity({ kind, id, subject: { name, purl } }: Finding): string {
  // A release that gets no more fixes is named by its version alone.
  if (kind === 'end-of-life') return kind;
  return JSON.stringify([kind, id, name, bareName(purl ?? '')]);
}

function show({ registry, repository, tag, digest }: Reference): string {
  return formatReference({
    ...{ registry, repository },
    ...(tag === undefined ? digest !== undefined && { digest } : { tag }),
  });
}
