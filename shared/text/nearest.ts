import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a person most likely meant by `word`, or `undefined` where none is near (more
 * than a third of the letters differ; two letters that changed places count as two).
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}
