import { Buffer } from 'node:buffer';

/** What is kept of each step's output, for the case that it fails. */
const keptLines = 60;
const longestKept = 4096;
/** What is kept of all steps, in characters; one takes two bytes at most. */
const keptInAll = 512 * 1024;

/** The last lines of each step, in bounded memory; those of the steps that are silent longest go first. */
export class KeptLines {
  readonly #byStep = new Map<string, string[]>();
  #size = 0;

  add(step: string, line: string): void {
    const lines = this.#byStep.get(step) ?? [];
    this.#byStep.delete(step);
    this.#byStep.set(step, lines);
    // A copy: a part of a string keeps the whole of it in memory.
    const kept = Buffer.from(line.slice(0, longestKept)).toString();
    lines.push(kept);
    this.#size += kept.length;
    if (lines.length > keptLines) this.#size -= lines.shift()?.length ?? 0;
    while (this.#size > keptInAll) this.#dropOldest();
  }

  of(step: string): readonly string[] {
    return this.#byStep.get(step) ?? [];
  }

  /** In characters. */
  get size(): number {
    return this.#size;
  }

  #dropOldest(): void {
    const [[step, lines] = ['', []]] = this.#byStep;
    this.#size -= lines.shift()?.length ?? 0;
    if (lines.length === 0) this.#byStep.delete(step);
  }
}
