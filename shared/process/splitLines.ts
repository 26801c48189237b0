/** A program that never ends its line must not fill the memory. */
export const longestLine = 64 * 1024;

/** Cuts a stream of text into lines; a line over 64 Ki characters comes in pieces. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #pending = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: string): void {
    const lines = (this.#pending + chunk).split(/\r?\n/);
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    while (this.#pending.length > longestLine) {
      this.#onLine(this.#pending.slice(0, longestLine));
      this.#pending = this.#pending.slice(longestLine);
    }
  }

  end(): void {
    if (this.#pending !== '') this.#onLine(this.#pending);
    this.#pending = '';
  }
}
