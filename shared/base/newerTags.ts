/** Debian's and Ubuntu's releases by their code names, in the order in which they came. */
const codeNames: readonly (readonly string[])[] = [
  ['stretch', 'buster', 'bullseye', 'bookworm', 'trixie', 'forky'],
  ['xenial', 'bionic', 'focal', 'jammy', 'noble', 'resolute'],
];
/** A number of so many digits is a date, or counts builds; it is no version beside others. */
const dateDigits = 6;
const mostParts = 4;

/** A piece of a tag between hyphens: a version with what stands before it, or a word. */
interface Piece {
  readonly word: string;
  readonly numbers: readonly number[];
}

/**
 * Tags of the same variant that come after a tag, such as `3.13-slim-trixie` after `3.12-slim-bookworm`:
 * the nearest step first, and of each kind of step (patch, minor, major, release of the system) only the
 * last. A tag that names no version has none.
 */
export function newerTags(tag: string, tags: readonly string[]): string[] {
  const here = readTag(tag);
  const last = new Map<number, { readonly tag: string; readonly pieces: readonly Piece[] }>();
  for (const other of tags) {
    const pieces = readTag(other);
    const step = stepBetween(here, pieces);
    if (step === undefined) continue;
    const known = last.get(step);
    if (known === undefined || compare(known.pieces, pieces) < 0)
      last.set(step, { tag: other, pieces });
  }
  return [...last].sort(([a], [b]) => b - a).map(([, found]) => found.tag);
}

function readTag(tag: string): Piece[] {
  return tag.split('-').map((word) => {
    const family = codeNames.findIndex((names) => names.includes(word));
    if (family >= 0)
      return { word: `code name ${family}`, numbers: [codeNames[family]?.indexOf(word) ?? 0] };
    const [, before, version] = /^([a-z]*)(\d+(?:\.\d+)*)$/.exec(word) ?? [];
    if (before === undefined || version === undefined) return { word, numbers: [] };
    return { word: before, numbers: version.split('.').map(Number) };
  });
}

/**
 * Which number is the first that grows, counted from the left, where none before it or after it in
 * another piece shrinks.
 */
function stepBetween(here: readonly Piece[], there: readonly Piece[]): number | undefined {
  if (here.length !== there.length) return undefined;
  let step: number | undefined;
  for (const [at, { word, numbers }] of here.entries()) {
    const other = there[at];
    if (other?.word !== word || other.numbers.length !== numbers.length) return undefined;
    const first = numbers.findIndex((number, part) => number !== other.numbers[part]);
    if (first < 0) continue;
    const [from = 0, to = 0] = [numbers[first], other.numbers[first]];
    if (to < from || isDate(from) !== isDate(to)) return undefined;
    step ??= at * mostParts + Math.min(first, mostParts - 1);
  }
  return step;
}

function isDate(number: number): boolean {
  return String(number).length >= dateDigits;
}

function compare(a: readonly Piece[], b: readonly Piece[]): number {
  for (const [at, { numbers }] of a.entries()) {
    for (const [part, number] of numbers.entries()) {
      const other = b[at]?.numbers[part] ?? 0;
      if (number !== other) return number - other;
    }
  }
  return 0;
}
