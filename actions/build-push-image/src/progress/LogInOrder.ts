import type { Log } from '../../../../shared/log/Log.ts';

/**
 * A log whose groups are opened and closed by hand, by callers who cannot wait: what is written
 * follows in the order of the calls.
 */
export class LogInOrder {
  readonly #log: Log;
  #last: Promise<unknown> = Promise.resolve();
  #close: (() => void) | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  untrusted(text: string): void {
    this.#then(() => this.#log.untrusted(text));
  }

  /** Closes the group before, when one is open: a log of GitHub has no groups in groups. */
  open(title: string): void {
    this.close();
    const closed = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    let group: Promise<void> | undefined;
    this.#then(() => {
      group = this.#log.group(title, () => {
        opened.resolve();
        return closed.promise;
      });
      return opened.promise;
    });
    this.#close = () =>
      this.#then(() => {
        closed.resolve();
        return group;
      });
  }

  close(): void {
    this.#close?.();
    this.#close = undefined;
  }

  /** Closes what is open; settled when all is written. */
  async end(): Promise<void> {
    this.close();
    await this.#last;
  }

  #then(work: () => unknown): void {
    this.#last = this.#last.then(work);
  }
}
