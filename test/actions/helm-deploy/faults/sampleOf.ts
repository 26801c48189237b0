import { shuffled } from '../../../lab/faults/shuffled.ts';

/** As PLATFORM_ACTIONS_ONLY says, by a part of a name; else a seeded sample, or all of `npm run test:full`. */
export function sampleOf<T extends { readonly name: string }>(
  all: readonly T[],
  count: number,
  seed: number,
  { PLATFORM_ACTIONS_FULL: full, PLATFORM_ACTIONS_ONLY: only } = process.env,
): T[] {
  if (only !== undefined) return all.filter(({ name }) => new RegExp(only).test(name));
  if (full === '1') return [...all];
  const taken = new Set(shuffled(all, seed).slice(0, count));
  return all.filter((one) => taken.has(one));
}
