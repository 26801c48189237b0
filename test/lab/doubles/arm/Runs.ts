import type { BlobStore } from './BlobStore.ts';
import type { BuildArchive } from './buildArchive.ts';
import type { RunRequest } from './runRequest.ts';

export type RunStatus =
  | 'Queued'
  | 'Started'
  | 'Running'
  | 'Succeeded'
  | 'Failed'
  | 'Canceled'
  | 'Error'
  | 'Timeout';

export interface Run {
  readonly id: string;
  readonly registry: string;
  readonly request: RunRequest;
  readonly created: Date;
  status: RunStatus;
  started?: Date;
  finished?: Date;
  digest?: string;
}

export interface RunsOptions {
  readonly blobs: BlobStore;
  readonly build: BuildArchive;
  readonly now: () => Date;
  /** How long a run waits for an agent. */
  readonly queuedMs: number;
}

/** The runs of all registries, each on an agent of its own. */
export class Runs {
  readonly all = new Map<string, Run>();
  readonly #options: RunsOptions;
  readonly #stops = new Map<string, AbortController>();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Queues a run; it goes on by itself. */
  schedule(registry: string, loginServer: string, request: RunRequest): Run {
    const id = `ca${this.all.size + 1}`;
    const run: Run = { id, registry, request, created: this.#options.now(), status: 'Queued' };
    this.all.set(id, run);
    this.#stops.set(id, new AbortController());
    setTimeout(() => void this.#go(run, loginServer), this.#options.queuedMs);
    return run;
  }

  cancel(run: Run): void {
    this.#stops.get(run.id)?.abort();
    if (run.status === 'Queued') this.#finish(run, 'Canceled');
  }

  async #go(run: Run, loginServer: string): Promise<void> {
    if (run.status !== 'Queued') return;
    const { blobs, build, now } = this.#options;
    const signal = this.#stops.get(run.id)?.signal ?? AbortSignal.abort();
    const log = logPath(run.id);
    const write = (line: string) => blobs.append(log, `${line}\r\n`);
    const say = (line: string) => write(`${stamp(now())} ${line}`);
    run.status = 'Running';
    run.started = now();
    const archive = blobs.content(sourcePath(run.request.sourceLocation));
    say('Downloading source code...');
    try {
      if (archive === undefined) throw new Error('failed to download context: not found');
      say('Finished downloading source code');
      say('Launching container with name: build');
      const names = run.request.imageNames ?? [];
      const images = names.map((name) => `${loginServer}/${name}`);
      run.digest = await build({ request: run.request, archive, images, write, signal });
      signal.throwIfAborted();
      write('');
      write(`Run ID: ${run.id} was successful after ${this.#seconds(run)}s`);
      this.#finish(run, 'Succeeded');
    } catch (error) {
      if (!signal.aborted) {
        write(
          `Run ID: ${run.id} failed after ${this.#seconds(run)}s. Error: ${(error as Error).message}`,
        );
      }
      this.#finish(run, signal.aborted ? 'Canceled' : 'Failed');
    }
  }

  #finish(run: Run, status: RunStatus): void {
    const { blobs, now } = this.#options;
    run.status = status;
    run.finished = now();
    // The service writes the status there, in words of its own.
    blobs.setMetadata(
      logPath(run.id),
      'Complete',
      status === 'Succeeded' ? 'successful' : status.toLowerCase(),
    );
  }

  #seconds({ started }: Run): number {
    return Math.round((this.#options.now().getTime() - (started?.getTime() ?? 0)) / 1000);
  }
}

export function logPath(runId: string): string {
  return `/storage/logs/${runId}/rawtext.log`;
}

export function sourcePath(location: string): string {
  return `/storage/${location}`;
}

function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
