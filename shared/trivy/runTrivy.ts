import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { type Run, run } from '../process/run.ts';
import { dyingWithUs } from '../tools/dyingWithUs.ts';
import { boundScratch, mostScratchBytes } from './boundScratch.ts';
import { explainDisk } from './explainDisk.ts';
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
  /** How much it may unpack at once. */
  readonly mostScratchBytes?: number;
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
  const most = trivy.mostScratchBytes ?? mostScratchBytes;
  // Of its own: what a Trivy that was ended leaves there goes at once.
  const scratch = await mkdtemp(join(trivy.tempDir, 'scratch-')).catch(cannotStore);
  try {
    using bound = boundScratch(scratch, most);
    const command = await dyingWithUs({ program: trivy.path, args }, trivy.env.PATH ?? '');
    const outcome = await (trivy.run ?? run)({
      ...command,
      env: trivyEnvironment(trivy.env, scratch),
      cwd: trivy.tempDir,
      secrets: trivy.secrets,
      signal: AbortSignal.any([trivy.signal, bound.signal]),
      deadlineMs: trivy.timeoutMs,
      onLine: (line) => {
        trivy.log.debug(line);
        onLine(line);
      },
    });
    if (outcome.endedBy === 'cancellation') trivy.signal.throwIfAborted();
    if (bound.signal.aborted) throw tooMuch(task, most);
    if (outcome.endedBy === 'itself' && outcome.exitCode === 0) return;
    throw new Failure(explainTrivy(outcome, task, trivy.timeoutMs));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function tooMuch(task: string, most: number): Failure {
  const megabytes = Math.round(most / 1024 ** 2);
  return new Failure({
    what: `Trivy could not ${task}. It had unpacked more than ${megabytes} MiB at once, and was stopped.`,
    why: 'A file in it is very large, or expands to far more than what the registry stores of it.',
    remedy:
      'Leave the file out (skip-files), or say how large the image may be (max-image-size): this bound follows from it.',
  });
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
  ]).catch(cannotStore);
  return blank;
}

function cannotStore(error: unknown): never {
  throw explainDisk(error, 'What Trivy needs could not be stored.');
}
