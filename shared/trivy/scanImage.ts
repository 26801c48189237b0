import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { type Run, run } from '../process/run.ts';
import { whileAlone } from '../process/whileAlone.ts';
import { explainTrivy } from './explainTrivy.ts';
import { parseReport } from './parseReport.ts';
import type { TrivyReport } from './TrivyReport.ts';
import {
  type DownloadPlan,
  downloadArgs,
  type ScanPlan,
  scanArgs,
  trivyEnvironment,
} from './trivyArgs.ts';

/** What is needed to run Trivy. */
export interface Trivy {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly secrets: Iterable<string>;
  readonly signal: AbortSignal;
  /** A folder of ours, empty of trivy.yaml and .trivyignore, which Trivy would read and obey. */
  readonly tempDir: string;
  /** For each run of it. */
  readonly timeoutMs: number;
  readonly run?: Run;
}

/** Trivy's own limit is so much later than ours that ours is the one that is told. */
const laterMs = 60_000;

/**
 * Scans an image once and reads the report. The exit code alone says nothing: it has to be 0 **and**
 * the report has to be whole.
 *
 * @throws {Failure} when either is not so
 */
export async function scanImage(
  trivy: Trivy,
  plan: Omit<ScanPlan, 'timeoutMs' | 'caFile' | 'keepLayers'>,
): Promise<TrivyReport> {
  await whileAlone(plan.cacheDir, (keepLayers) =>
    runTrivy(trivy, 'scan the image', scanArgs({ ...plan, ...limits(trivy), keepLayers })),
  );
  let text: string;
  try {
    text = await readFile(plan.output, 'utf8');
  } catch (cause) {
    throw new Failure({
      what: 'Trivy ended well but left no report that can be read.',
      why: cause instanceof Error ? cause.message : undefined,
      remedy: 'Run the step again; a full disk can be the cause.',
      cause,
    });
  }
  return parseReport(text);
}

/**
 * Fetches a database.
 *
 * @throws {Failure} when it did not come whole
 */
export async function downloadDatabase(
  trivy: Trivy,
  plan: Omit<DownloadPlan, 'timeoutMs' | 'caFile'>,
): Promise<void> {
  await runTrivy(
    trivy,
    `fetch the vulnerability database from ${plan.repository.registry}`,
    downloadArgs({ ...plan, ...limits(trivy) }),
  );
}

function limits({ timeoutMs, env }: Trivy) {
  const { NODE_EXTRA_CA_CERTS: caFile } = env;
  return {
    timeoutMs: timeoutMs + laterMs,
    // Node ignores a file that is not there, and Trivy would fail.
    caFile: caFile && existsSync(caFile) ? caFile : undefined,
  };
}

async function runTrivy(trivy: Trivy, task: string, args: readonly string[]): Promise<void> {
  const outcome = await (trivy.run ?? run)({
    program: trivy.path,
    args,
    env: trivyEnvironment(trivy.env, trivy.tempDir),
    cwd: trivy.tempDir,
    secrets: trivy.secrets,
    signal: trivy.signal,
    deadlineMs: trivy.timeoutMs,
    onLine: (line) => trivy.log.debug(line),
  });
  if (outcome.endedBy === 'cancellation') trivy.signal.throwIfAborted();
  if (outcome.endedBy === 'itself' && outcome.exitCode === 0) return;
  throw new Failure(explainTrivy(outcome, task, trivy.timeoutMs));
}
