import type { Buffer } from 'node:buffer';
import { Redactor } from '../../../../shared/process/redact.ts';
import { LineSplitter } from '../../../../shared/process/splitLines.ts';

/**
 * Makes lines of what one step printed on one stream. The pieces are cut anywhere: in a character,
 * in a line, in a secret. A secret is looked for here, since in the stream of the builder it is
 * encoded, and may be cut there. A line that is the same as the one before is left out: programs
 * that draw a bar of progress print it again and again.
 */
export class OutputDecoder {
  readonly #text = new TextDecoder();
  readonly #redactor: Redactor;
  readonly #splitter = new LineSplitter((line) => this.#take(line));
  #lines: string[] = [];
  #last: string | undefined;

  constructor(secrets: Iterable<string>) {
    this.#redactor = new Redactor(secrets);
  }

  /** @returns the lines that are whole now */
  write(bytes: Buffer): readonly string[] {
    this.#splitter.write(this.#redactor.write(this.#text.decode(bytes, { stream: true })));
    return this.#taken();
  }

  /** @returns what was left of the last line */
  end(): readonly string[] {
    this.#splitter.write(this.#redactor.write(this.#text.decode()) + this.#redactor.end());
    this.#splitter.end();
    return this.#taken();
  }

  #take(line: string): void {
    // A bar of progress draws itself anew after each carriage return.
    for (const part of line.split('\r')) {
      if (part !== this.#last) this.#lines.push(part);
      this.#last = part;
    }
  }

  #taken(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}
