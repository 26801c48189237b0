import { oneLine } from '../../../../shared/log/oneLine.ts';
import { redact } from '../../../../shared/process/redact.ts';
import type { BuildProgress, BuildWarning, Change } from './BuildProgress.ts';
import { KeptLines } from './KeptLines.ts';
import { LineJoiner } from './LineJoiner.ts';
import { OutputDecoder } from './OutputDecoder.ts';
import {
  type OutputReport,
  type PhaseReport,
  parseStatus,
  type VertexReport,
  type WarningReport,
} from './parseStatus.ts';
import { StepState } from './StepState.ts';

/** No build is larger; what comes beyond is shown, and not kept. */
const mostSteps = 5000;
const mostWarnings = 100;
const longestName = 1000;
/** The last words of buildx: an excerpt of the Dockerfile, and the error. */
const keptWords = 60;

/**
 * Reads what buildx writes with `--progress rawjson`, line by line, into what is known of the build.
 * It has no effects, and its memory has a bound however long the build is.
 *
 * @param secrets removed from all that comes out; one that is added later counts from then on
 */
export class ProgressReader {
  readonly #secrets: Iterable<string>;
  readonly #joiner = new LineJoiner();
  readonly #steps = new Map<string, StepState>();
  readonly #decoders = new Map<string, OutputDecoder>();
  readonly #lines = new KeptLines();
  readonly #warnings = new Map<string, BuildWarning>();
  #moreWarnings = 0;
  /** When the build began, by BuildKit's clock. */
  #began: number | undefined;
  #words: string[] = [];
  #changes: Change[] = [];

  constructor(secrets: Iterable<string> = []) {
    this.#secrets = secrets;
  }

  /** Takes the next line; gives what it told that was not known. */
  take(piece: string): readonly Change[] {
    this.#changes = [];
    const line = this.#joiner.take(piece);
    if (line === undefined) return [];
    const status = parseStatus(line);
    if (status === undefined) this.#say(line);
    // What a step printed comes before its end, also where one line tells both.
    const ended = status?.vertexes.filter(({ completed }) => completed !== undefined) ?? [];
    for (const vertex of status?.vertexes ?? []) this.#enter(vertex);
    for (const vertex of status?.vertexes ?? []) if (!ended.includes(vertex)) this.#report(vertex);
    for (const output of status?.output ?? []) this.#print(output);
    for (const phase of status?.phases ?? []) this.#phase(phase);
    for (const vertex of ended) this.#report(vertex);
    for (const warning of status?.warnings ?? []) this.#warn(warning);
    return this.#changes;
  }

  /** What is known now. */
  get progress(): BuildProgress {
    return {
      steps: [...this.#steps.values()].map(({ step }) => step),
      warnings: [...this.#warnings.values()],
      moreWarnings: this.#moreWarnings,
      lastWords: this.#lastWords(),
    };
  }

  /** How much text is kept of what steps printed, in characters. */
  get keptSize(): number {
    return this.#lines.size;
  }

  #enter({ id, name }: VertexReport): void {
    if (this.#steps.has(id) || this.#steps.size >= mostSteps) return;
    this.#steps.set(id, new StepState(id, this.#hide(name).slice(0, longestName)));
  }

  #report(reported: VertexReport): void {
    const vertex = this.#sinceBegin(reported);
    const state = this.#steps.get(vertex.id);
    if (vertex.completed !== undefined) this.#flush(vertex.id);
    const kind = state?.report(vertex, vertex.error && this.#hide(vertex.error));
    if (state !== undefined && kind !== undefined) this.#changes.push({ kind, step: state.step });
  }

  /** A step that BuildKit still knows from an earlier build comes with the times of that one. */
  #sinceBegin(vertex: VertexReport): VertexReport {
    this.#began ??= vertex.started;
    const began = this.#began ?? 0;
    const { started, completed } = vertex;
    return {
      ...vertex,
      started: started && Math.max(started, began),
      completed: completed && Math.max(completed, began),
    };
  }

  #print({ vertex, stream, bytes }: OutputReport): void {
    const state = this.#steps.get(vertex);
    if (state === undefined) return;
    state.printed();
    const key = `${vertex} ${stream}`;
    const decoder = this.#decoders.get(key) ?? new OutputDecoder(this.#secrets);
    this.#decoders.set(key, decoder);
    this.#printed(state, decoder.write(bytes));
  }

  #printed(state: StepState, lines: readonly string[]): void {
    const { step } = state;
    for (const line of lines) {
      this.#lines.add(step.id, line);
      this.#changes.push({ kind: 'output', step, line });
    }
  }

  #flush(vertex: string): void {
    const state = this.#steps.get(vertex);
    for (const stream of [0, 1, 2]) {
      const key = `${vertex} ${stream}`;
      const rest = this.#decoders.get(key)?.end() ?? [];
      if (state !== undefined) this.#printed(state, rest);
      this.#decoders.delete(key);
    }
  }

  #phase({ vertex, name, started, completed, total }: PhaseReport): void {
    const step = this.#steps.get(vertex)?.step;
    if (step === undefined || started === undefined || completed === undefined) return;
    this.#changes.push({
      kind: 'phase',
      step,
      name: this.#hide(name).slice(0, longestName),
      durationMs: completed - started,
      bytes: total,
    });
  }

  /** The warnings of each platform are the same. */
  #warn({ vertex, short, url, file, line }: WarningReport): void {
    const [, rule, text] =
      /^([A-Z][A-Za-z0-9]+): ([\s\S]*?)(?: \(line \d+\))?\s*$/.exec(short) ?? [];
    const said = oneLine(this.#hide(text ?? short), longestName);
    const target = this.#steps.get(vertex)?.name.target;
    const key = `${target} ${file}:${line} ${rule} ${said}`;
    if (this.#warnings.has(key)) return;
    if (this.#warnings.size >= mostWarnings) this.#moreWarnings++;
    else this.#warnings.set(key, { target, rule, text: said, url, file, line });
  }

  #say(text: string): void {
    const line = this.#hide(text);
    this.#words.push(line);
    if (this.#words.length > keptWords) this.#words.shift();
    this.#changes.push({ kind: 'said', line });
  }

  /** As `--progress plain` ends. A step that was cancelled because another one failed is none that failed. */
  #lastWords(): string {
    const failed = [...this.#steps.values()].filter(
      ({ error }) => error !== undefined && !/context cancell?ed/.test(error),
    );
    const printed = failed.flatMap(({ id, name }) => {
      const lines = this.#lines.of(id);
      return lines.length === 0 ? [] : [`> ${name.text}:`, ...lines];
    });
    return [...printed, ...this.#words].join('\n');
  }

  #hide(text: string): string {
    return redact(text, this.#secrets);
  }
}
