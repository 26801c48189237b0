import { longestLine } from '../../../../shared/process/splitLines.ts';

/** A report of BuildKit that is longer is let go. */
const longestReport = 8 * 1024 * 1024;

/** Puts the pieces together in which a very long report comes (`LineSplitter` cuts it). */
export class LineJoiner {
  #pieces: string[] = [];
  #tooLong = false;

  /** @returns the whole line, or `undefined` while more of it is to come */
  take(piece: string): string | undefined {
    const cut = piece.length === longestLine;
    if (this.#tooLong) {
      this.#tooLong = cut;
      return undefined;
    }
    const first = this.#pieces[0] ?? piece;
    this.#pieces.push(piece);
    if (!cut || !first.startsWith('{') || this.#isWhole(piece)) {
      const line = this.#pieces.join('');
      this.#pieces = [];
      return line;
    }
    if (this.#pieces.length * longestLine > longestReport) {
      this.#pieces = [];
      this.#tooLong = true;
    }
    return undefined;
  }

  /** A report may end where it would be cut. */
  #isWhole(last: string): boolean {
    if (!last.endsWith('}')) return false;
    try {
      JSON.parse(this.#pieces.join(''));
      return true;
    } catch {
      return false;
    }
  }
}
