/** How much of a log goes below an annotation. */
const kept = 60;

/** The last lines of a log that may be long. */
export class LastLines {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > kept) this.#lines.shift();
  }

  text(): string {
    return this.#lines.join('\n');
  }
}
