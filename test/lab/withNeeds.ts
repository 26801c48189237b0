import type { Part } from './Part.ts';

/**
 * The wanted parts and all that they need, each after its needs.
 *
 * @throws {Error} when parts need each other in a circle, or a part that is not there
 */
export function withNeeds(wanted: readonly Part[], all: readonly Part[]): Part[] {
  const byName = new Map(all.map((part) => [part.name, part]));
  const ordered: Part[] = [];
  const state = new Map<Part, 'open' | 'done'>();
  const visit = (part: Part, path: readonly string[]) => {
    if (state.get(part) === 'done') return;
    if (state.get(part) === 'open') {
      throw new Error(`Parts need each other: ${[...path, part.name].join(' → ')}`);
    }
    state.set(part, 'open');
    for (const need of part.needs) {
      const found = byName.get(need);
      if (found === undefined) throw new Error(`${part.name} needs ${need}, which is not a part`);
      visit(found, [...path, part.name]);
    }
    state.set(part, 'done');
    ordered.push(part);
  };
  for (const part of wanted) visit(part, []);
  return ordered;
}
