import { describe, expect, it } from '@jest/globals';
import type { Part } from './Part.ts';
import { withNeeds } from './withNeeds.ts';

function part(name: string, ...needs: string[]): Part {
  return {
    name,
    about: '',
    needs,
    programs: [],
    start: async () => {},
    stop: async () => {},
    answers: async () => true,
  };
}
const all = [part('c', 'b', 'a'), part('b', 'a'), part('a'), part('d')];
const names = (parts: readonly Part[]) => parts.map(({ name }) => name);

describe('withNeeds', () => {
  it('puts each part after its needs, and takes no others', () => {
    expect(names(withNeeds(all.slice(0, 1), all))).toEqual(['a', 'b', 'c']);
    expect(names(withNeeds(all, all))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('names a circle and a missing part', () => {
    const circle = [part('a', 'b'), part('b', 'a')];
    expect(() => withNeeds(circle, circle)).toThrow('a → b → a');
    expect(() => withNeeds([part('a', 'x')], [])).toThrow('a needs x');
  });
});
