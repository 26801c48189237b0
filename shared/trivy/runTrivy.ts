import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { type Run, run } from '../process/run.ts';
import { explainTrivy } from './explainTrivy.ts';
import { type BlankFiles, trivyEnvironment } from './trivyArgs.ts';

/** What is needed to run Trivy. */
export interface Trivy {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly secrets: Iterable<string>;
  readonly signal: AbortSignal;
  /** A folder of ours, in which Trivy runs and finds nothing that it would obey. */
  readonly tempDir: string;
  /** For each run of it. */
  readonly timeoutMs: number;
  readonly run?: Run;
}

/** Trivy's own limit is so much later than ours that ours is the one that is told. */
const laterMs = 60_000;

/**
 * Runs Trivy to a good end.
 *
 * @param task what it should do, as `Trivy could not …` goes on
 * @throws {Failure} when it does not come to one
 */
export async function runTrivy(
  trivy: Trivy,
  task: string,
  args: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<void> {
  const outcome = await (trivy.run ?? run)({
    program: trivy.path,
    args,
    env: trivyEnvironment(trivy.env, trivy.tempDir),
    cwd: trivy.tempDir,
    secrets: trivy.secrets,
    signal: trivy.signal,
    deadlineMs: trivy.timeoutMs,
    onLine: (line) => {
      trivy.log.debug(line);
      onLine(line);
    },
  });
  if (outcome.endedBy === 'cancellation') trivy.signal.throwIfAborted();
  if (outcome.endedBy === 'itself' && outcome.exitCode === 0) return;
  throw new Failure(explainTrivy(outcome, task, trivy.timeoutMs));
}

/** Limits of a run, and the certificate authorities of this runner. */
export function limits({ timeoutMs, env }: Trivy): {
  timeoutMs: number;
  caFile: string | undefined;
} {
  const { NODE_EXTRA_CA_CERTS: caFile } = env;
  return {
    timeoutMs: timeoutMs + laterMs,
    // Node ignores a file that is not there, and Trivy would fail.
    caFile: caFile && existsSync(caFile) ? caFile : undefined,
  };
}

/**
 * Files that say nothing, given by name: Trivy would else look for its own ones (`trivy.yaml`,
 * `.trivyignore`, `trivy-secret.yaml`).
 */
export async function writeBlankFiles(tempDir: string): Promise<BlankFiles> {
  const blank = {
    config: join(tempDir, 'blank-config.yaml'),
    ignore: join(tempDir, 'blank-ignore'),
    secret: join(tempDir, 'blank-secret.yaml'),
  };
  await Promise.all([
    writeFile(blank.config, ''),
    writeFile(blank.ignore, ''),
    // An empty one would be an error to Trivy.
    writeFile(blank.secret, '{}\n'),
  ]);
  return blank;
}
