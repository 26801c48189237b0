import type { Step } from './BuildProgress.ts';
import type { VertexReport } from './parseStatus.ts';
import { Stopwatch } from './Stopwatch.ts';
import { type StepName, stepName } from './stepName.ts';

/** A step while it goes on. */
export class StepState {
  readonly id: string;
  readonly name: StepName;
  readonly #time = new Stopwatch();
  #cached = false;
  #ran = false;
  error: string | undefined;

  constructor(id: string, name: string) {
    this.id = id;
    this.name = stepName(name);
  }

  /** @returns what this report tells of it that is news */
  report(vertex: VertexReport, error: string | undefined): 'started' | 'ended' | undefined {
    const news = this.#time.report(vertex.started, vertex.completed);
    this.#cached ||= vertex.cached;
    // A step that is asked for twice is found the second time; that saved nothing. The layers of a
    // base image are looked for first, and only then known to be there.
    if (vertex.completed !== undefined && !vertex.cached && this.name.kind !== 'base') {
      this.#ran = true;
    }
    this.error = error ?? this.error;
    if (!news) return undefined;
    return vertex.completed === undefined ? 'started' : 'ended';
  }

  printed(): void {
    this.#ran = true;
  }

  get step(): Step {
    return {
      id: this.id,
      ...this.name,
      startedAt: this.#time.startedAt,
      endedAt: this.#time.running ? undefined : this.#time.endedAt,
      durationMs: this.#time.totalMs,
      cached: this.#cached && !this.#ran,
      error: this.error,
    };
  }
}
