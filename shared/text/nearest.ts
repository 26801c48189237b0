import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a person most likely meant by `word`, or `undefined` where none is near (more
 * than a third of the letters differ; two letters that changed places count as two). What only one of
 * them begins with is near, too.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  let best: string | undefined;
  let least = (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of all) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least) {
      best = candidate;
      least = steps;
    }
  }
  return best ?? onlyOneWith(word, all);
}

function onlyOneWith(beginning: string, candidates: readonly string[]): string | undefined {
  const found = candidates.filter((candidate) => candidate.startsWith(beginning));
  return beginning !== '' && found.length === 1 ? found[0] : undefined;
}
