import { Failure } from '../../failure/Failure.ts';
import type { Log } from '../../log/Log.ts';
import type { Arm } from './armClient.ts';
import { explainArmError } from './explainArmError.ts';
import type { RunLog } from './RunLog.ts';
import { hasEnded, readRun, type TaskRun } from './TaskRun.ts';

/** Times in milliseconds. */
export interface Pace {
  readonly first: number;
  /** Between two looks at the log. */
  readonly mostLog: number;
  /** Between two looks at the run. */
  readonly mostRun: number;
  /** How long the log may take to be complete after the run has ended. */
  readonly lateLog: number;
  /** How long Azure may not answer before the run is given up. */
  readonly patience: number;
}

export const usualPace: Pace = {
  first: 1000,
  mostLog: 5000,
  mostRun: 15_000,
  lateLog: 15_000,
  patience: 10 * 60_000,
};

/** A log that cannot be read is told of when it was so this many times in a row. */
const toldAfter = 3;

export interface AwaitOptions {
  readonly arm: Arm;
  readonly runLog: RunLog;
  readonly log: Log;
  readonly pace: Pace;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/**
 * Shows a run's log as it grows and waits for the run's end. A log that cannot be read fails nothing,
 * and neither does a time without answers from Azure: the run goes on without us.
 *
 * @throws {Failure} when Azure refuses to tell of the run, or does not answer for too long
 */
export async function awaitRun(
  { runId }: Pick<TaskRun, 'runId'>,
  { arm, runLog, log, pace, sleep, now }: AwaitOptions,
): Promise<TaskRun> {
  let [logWait, runWait] = [pace.first, pace.first];
  let nextLook = now() + runWait;
  let heard = now();
  let unread = 0;
  for (;;) {
    if (await readLog()) logWait = pace.first;
    if (runLog.complete || now() >= nextLook) {
      const run = await look();
      if (run !== undefined && hasEnded(run)) {
        await finishLog();
        return run;
      }
      runWait = Math.min(runWait * 1.5, pace.mostRun);
      nextLook = now() + runWait;
    }
    await sleep(runLog.complete ? runWait : logWait);
    logWait = Math.min(logWait * 1.5, pace.mostLog);
  }

  async function readLog(): Promise<boolean> {
    try {
      const grown = await runLog.read();
      unread = 0;
      return grown;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unread++;
      if (unread === toldAfter) log.warning(`The log of run ${runId} is late: ${error.message}`);
      return false;
    }
  }

  async function look(): Promise<TaskRun | undefined> {
    const doing = 'tell of the run';
    try {
      const response = await arm.send({
        ...{ path: `runs/${runId}`, method: 'GET', repeatable: true, doing },
      });
      if (response.status < 300) {
        heard = now();
        return readRun(JSON.parse(response.body.toString()));
      }
      // A run that was made a moment ago may not be known everywhere.
      const passing = [404, 408, 429].includes(response.status) || response.status >= 500;
      if (!passing || now() - heard > pace.patience) {
        throw explainArmError(doing, arm.registry, response);
      }
    } catch (error) {
      const passing = error instanceof SyntaxError || isSilence(error);
      if (!passing || now() - heard > pace.patience) throw error;
      log.info(`Azure does not tell of run ${runId}; it goes on.`);
    }
    return undefined;
  }

  async function finishLog(): Promise<void> {
    const end = now() + pace.lateLog;
    while (!runLog.complete && now() < end) {
      if (!(await readLog()) && !runLog.complete) await sleep(pace.first);
    }
    runLog.end();
  }
}

/** Whether no answer came, as `shared/http` says it; a refusal is explained by its answer. */
function isSilence(error: unknown): boolean {
  return error instanceof Failure && error.details === undefined;
}
