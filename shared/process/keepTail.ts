/** Keeps the last `limit` characters of a stream of text; earlier ones are dropped and that is told. */
export class Tail {
  readonly #limit: number;
  #chunks: string[] = [];
  #length = 0;
  truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(chunk: string): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // Cutting only at twice the limit keeps the cost of a long output linear.
    if (this.#length > 2 * this.#limit) this.#cut();
  }

  text(): string {
    this.#cut();
    return this.#chunks.join('');
  }

  #cut(): void {
    if (this.#length <= this.#limit) return;
    this.#chunks = [this.#chunks.join('').slice(-this.#limit)];
    this.#length = this.#limit;
    this.truncated = true;
  }
}
