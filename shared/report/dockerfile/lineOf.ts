import type { Dockerfile } from './Dockerfile.ts';

/**
 * Finds the instruction that made a layer by what the image's history says of it. The history is not the
 * Dockerfile's text: BuildKit puts the shell and the build's arguments before a command and its own name
 * behind it, and the old builder keeps the sum of the files instead of their names.
 *
 * @returns its line; `undefined` where none, or an instruction of a base image, is meant
 */
export function lineOf(
  createdBy: string | undefined,
  { instructions }: Dockerfile,
): number | undefined {
  if (createdBy === undefined) return undefined;
  const made = readHistory(createdBy);
  // The last one: the final stage is written last.
  return instructions.findLast(
    ({ keyword, text }) =>
      keyword === made.keyword &&
      (made.destination === undefined
        ? plain(text) === made.text
        : plain(text).split(' ').at(-1) === made.destination),
  )?.line;
}

interface Made {
  readonly keyword: string;
  readonly text: string;
  /** All that the old builder tells of a copy. */
  readonly destination?: string | undefined;
}

function readHistory(createdBy: string): Made {
  const said = createdBy.slice(0, 4000).replace(/\s*# buildkit\s*$/, '');
  const old = /^(?:\|\d+ .*)?\/bin\/sh -c #\(nop\)\s+([A-Z]+)\s+(.*)$/s.exec(said);
  const [, keyword = 'RUN', rest = said] = old ?? /^([A-Z]+)\s+(.*)$/s.exec(said) ?? [];
  if (keyword === 'RUN') return { keyword, text: plain(withoutShell(rest)) };
  const copied = /^(?:file|dir|multi):[0-9a-f]+ in (.*)$/s.exec(plain(rest));
  return { keyword, text: plain(rest), destination: copied?.[1]?.trim() };
}

/** `|1 VERSION=2 /bin/sh -c npm ci` is `npm ci`. */
function withoutShell(command: string): string {
  return command.replace(/^(?:\|\d+ .*?)?(?:\/\S*\/)?(?:ba|a|da|z)?sh(?: \S+)*? -[a-z]*c /s, '');
}

/** As both sides can be compared: without flags, quotes of lists, and doubled spaces. */
function plain(text: string): string {
  return text
    .replace(/^(?:--[\w-]+(?:=\S*)?\s+)+/, '')
    .replace(/\\\r?\n/g, ' ')
    .replace(/[[\]",]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
