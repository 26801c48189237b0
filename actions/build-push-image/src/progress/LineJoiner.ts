import { longestLine } from '../../../../shared/process/splitLines.ts';

/** A report of BuildKit that is longer is let go. */
const longestReport = 8 * 1024 * 1024;

/** Puts the pieces together in which a very long report comes (`LineSplitter` cuts it). */
export class LineJoiner {
  #pending = '';
  #tooLong = false;

  /** @returns the whole line, or `undefined` while more of it is to come */
  take(piece: string): string | undefined {
    const cut = piece.length === longestLine;
    if (this.#tooLong) {
      this.#tooLong = cut;
      return undefined;
    }
    const line = this.#pending + piece;
    this.#pending = '';
    if (!cut || !line.startsWith('{') || isWhole(line)) return line;
    if (line.length > longestReport) this.#tooLong = true;
    else this.#pending = line;
    return undefined;
  }
}

function isWhole(line: string): boolean {
  if (!line.endsWith('}')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
