import { oneLine } from '../../../../shared/log/oneLine.ts';
import { formatTime } from '../../../../shared/text/formatTime.ts';
import type { Change, Step } from './BuildProgress.ts';
import { endOf, headOf, shortNameOf } from './describeStep.ts';
import { formatBytes } from './formatBytes.ts';

/** Below this, what is no instruction of the Dockerfile is not worth a line. */
const shortMs = 500;
/** Parts of a step that people wait for; the others are over at once. */
const longPhases = /^(?:pushing|exporting layers|sending cache|extracting)\b/;
/** Instructions that may take long are told when they begin, the others when they are over. */
const longInstructions = /^(?:RUN|ADD)\b/;

/** The lines of one stage, as they become known. */
export class LogGroup {
  /** Lines that wait until the stage is shown. */
  readonly held: string[] = [];
  readonly #running = new Set<string>();
  readonly #headed = new Set<string>();
  readonly #told = new Set<string>();
  #instructions = 0;
  #cached = 0;
  #startedAt = Number.POSITIVE_INFINITY;
  #endedAt = 0;
  #isStage = false;
  #last = false;
  #summed = false;

  /** The lines that a change is worth. */
  lines(change: Exclude<Change, { kind: 'said' }>): readonly string[] {
    const { step } = change;
    this.#isStage ||= step.position !== undefined;
    switch (change.kind) {
      case 'started':
        this.#running.add(step.id);
        this.#startedAt = Math.min(this.#startedAt, step.startedAt ?? this.#startedAt);
        return step.kind === 'instruction' && longInstructions.test(step.text)
          ? this.#head(step)
          : [];
      case 'output': {
        const beside = this.#running.size > 1 ? `${step.position ?? ''}| ` : '';
        return [...this.#head(step), `  ${beside}${change.line}`];
      }
      case 'phase': {
        if (!longPhases.test(change.name)) return [];
        const size = change.bytes ? `, ${formatBytes(change.bytes)}` : '';
        const line = `  ${oneLine(change.name)} ${formatTime(change.durationMs)}${size}`;
        return [...this.#head(step), line];
      }
      case 'ended':
        return this.#end(step);
    }
  }

  /** Nothing more is to be expected of it. */
  get over(): boolean {
    return this.#last && this.#running.size === 0;
  }

  /** It has no end that can be seen, and nothing of it runs now. */
  get idle(): boolean {
    return !this.#isStage && this.#running.size === 0;
  }

  /** What is to be said once, when it is over; `undefined` for what is no stage. */
  takeSummary(): string | undefined {
    if (!this.over || this.#summed || this.#instructions === 0) return undefined;
    this.#summed = true;
    const saved = this.#cached === 0 ? '' : `, ${this.#cached} of ${this.#instructions} cached`;
    return `${formatTime(this.#endedAt - Math.min(this.#startedAt, this.#endedAt))}${saved}`;
  }

  #head(step: Step): readonly string[] {
    if (this.#headed.has(step.id)) return [];
    this.#headed.add(step.id);
    return [headOf(step)];
  }

  #end(step: Step): readonly string[] {
    this.#running.delete(step.id);
    this.#startedAt = Math.min(this.#startedAt, step.startedAt ?? this.#startedAt);
    this.#endedAt = Math.max(this.#endedAt, step.endedAt ?? 0);
    if (step.kind === 'instruction' && !this.#told.has(step.id)) {
      this.#instructions++;
      if (step.cached) this.#cached++;
    }
    const [at, of] = step.position?.split('/') ?? [];
    this.#last ||= at !== undefined && at === of;
    const again = this.#told.has(step.id);
    const minor = step.kind === 'prepare' && step.durationMs < shortMs;
    // The phases of an export were told with their times, and it ends more than once.
    const inPhases = step.kind === 'export' && this.#headed.has(step.id);
    if (step.error === undefined && (again || minor || inPhases)) return [];
    this.#told.add(step.id);
    return [`${this.#headed.has(step.id) ? shortNameOf(step) : headOf(step)} ${endOf(step)}`];
  }
}
