/**
 * The time in which something went on. BuildKit tells it in pieces (an export is one, its push
 * another), some of them twice, and two targets that share a step tell it side by side.
 */
export class Stopwatch {
  #open: number | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
  totalMs = 0;

  /** @returns whether this report is news: a start, or an end that was not told yet */
  report(started: number | undefined, completed: number | undefined): boolean {
    if (started === undefined) return false;
    this.startedAt = Math.min(this.startedAt ?? started, started);
    if (completed === undefined) {
      const news = this.#open === undefined;
      this.#open ??= started;
      return news;
    }
    const from = Math.max(this.#open ?? started, this.endedAt ?? started);
    this.#open = undefined;
    if (this.endedAt !== undefined && completed <= this.endedAt) return false;
    this.totalMs += Math.max(0, completed - from);
    this.endedAt = completed;
    return true;
  }

  get running(): boolean {
    return this.#open !== undefined;
  }
}
