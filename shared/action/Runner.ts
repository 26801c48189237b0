import type { Log } from '../log/Log.ts';

/** The runner as an action sees it: everything that `main` touches comes from here. */
export interface Runner {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Aborts with a `Cancelled` when the job is cancelled. */
  readonly signal: AbortSignal;
  /** A folder of this step's own (mode 700), gone when the step ends. */
  readonly tempDir: string;
  /** What the log must never show; inputs and tokens are added as they become known. */
  readonly secrets: ReadonlySet<string>;
  mask(secret: string): void;
  /** Written at once, so that it stands even when the step fails afterwards. */
  output(name: string, value: string): void;
  /** Appended to the job summary, in GitHub's Markdown. */
  summary(markdown: string): Promise<void>;
  /** Kept for the action's `post` step. */
  saveState(name: string, value: string): void;
  readState(name: string): string | undefined;
}

/** What an action is: one function of the runner. It fails by throwing. */
export type Story = (runner: Runner) => Promise<void>;
