import type { Instruction } from 'dockerfile-ast';
import { Undecided } from './Undecided.ts';

/** The library protects the method where it forgot it: of ADD. */
interface Heredocs {
  getHeredocs(): readonly unknown[];
}

const marker = /(?:^|\s)<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_]*)\2(?=\s|$)/g;

/**
 * Makes sure that our parser and BuildKit agree on where a here-document begins and ends: otherwise
 * a FROM or COPY could be taken for text, or text for a FROM. What is not plainly one of
 * `<<NAME`, `<<-NAME`, `<<"NAME"`, or plainly none (`$((1<<2))`), is not decided.
 *
 * @throws {Undecided}
 */
export function checkHeredocs(text: string, instructions: readonly Instruction[]): void {
  const lines = text.split(/\r?\n/);
  for (const instruction of instructions) {
    const { start, end } = instruction.getRange();
    const own = lines.slice(start.line, end.line + 1);
    if (own.some((line) => line.includes('<<')) && !isPlain(own, countHeredocs(instruction))) {
      throw new Undecided(
        `line ${start.line + 1} of the Dockerfile has "<<", which may or may not be a here-document`,
      );
    }
  }
}

function countHeredocs(instruction: Instruction): number {
  if (!['RUN', 'COPY', 'ADD'].includes(instruction.getKeyword())) return 0;
  return (instruction as unknown as Heredocs).getHeredocs().length;
}

function isPlain(lines: readonly string[], count: number): boolean {
  const [head = '', ...below] = lines;
  if (count === 0) return !lines.some((line) => /(?:^|\s)["']?\d*<</.test(line));
  const markers = [...head.matchAll(marker)];
  const rest = head.replace(marker, ' ');
  // Within quotes or after a comment's sign it is for BuildKit's lexer to say what it is.
  if (markers.length !== count || /<<|["'#\\]/.test(rest)) return false;
  for (const [, dash, , name] of markers) {
    const last = below.findIndex((line) => (dash ? line.replace(/^\t+/, '') : line) === name);
    if (last === -1) return false;
    below.splice(0, last + 1);
  }
  return below.length === 0;
}
