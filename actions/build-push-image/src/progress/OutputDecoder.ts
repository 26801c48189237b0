import type { Buffer } from 'node:buffer';
import { Redactor } from '../../../../shared/process/redact.ts';
import { LineSplitter } from '../../../../shared/process/splitLines.ts';

/**
 * Makes lines of what one step printed on one stream. The pieces are cut anywhere: in a character,
 * in a line, in a secret. A secret is looked for here, since in the stream of the builder it is
 * encoded, and may be cut there.
 */
export class OutputDecoder {
  readonly #text = new TextDecoder();
  readonly #redactor: Redactor;
  readonly #lines: LineSplitter;

  constructor(secrets: Iterable<string>, onLine: (line: string) => void) {
    this.#redactor = new Redactor(secrets);
    this.#lines = new LineSplitter((line) => {
      // A bar of progress draws itself anew after each carriage return.
      for (const part of line.split('\r')) onLine(part);
    });
  }

  write(bytes: Buffer): void {
    this.#lines.write(this.#redactor.write(this.#text.decode(bytes, { stream: true })));
  }

  end(): void {
    this.#lines.write(this.#redactor.write(this.#text.decode()) + this.#redactor.end());
    this.#lines.end();
  }
}
