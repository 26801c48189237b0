import { Failure } from '../../failure/Failure.ts';
import type { Log } from '../../log/Log.ts';
import type { Arm } from './armClient.ts';
import { hasEnded, made, readRun, type TaskRun } from './TaskRun.ts';

/** How many of the newest runs are looked through; ARM gives them newest first. */
const newest = 100;

/** ARM may list a run only a moment after it was made; so it is asked twice, this far apart. */
const settleMs = 3000;

export interface Sought {
  /** `repository:tag` that only our run makes; without it no run can be known as ours. */
  readonly keyName: string | undefined;
  /** By Azure's clock. */
  readonly since: Date;
}

export interface Candidates {
  readonly ours: TaskRun | undefined;
  /** May be ours; what they make is known when they end. */
  readonly going: readonly TaskRun[];
  /** May be ours, and will never tell. */
  readonly silent: readonly TaskRun[];
}

/**
 * Sorts runs by whether one of them is ours. A run carries nothing that its sender chose but the names
 * of its images, and those only from its end on.
 */
export function sortCandidates(runs: readonly TaskRun[], { keyName, since }: Sought): Candidates {
  const possible = runs.filter(
    ({ createTime, runType }) =>
      (runType ?? 'QuickBuild') === 'QuickBuild' &&
      new Date(createTime ?? Number.NaN).getTime() >= since.getTime(),
  );
  const telling = (run: TaskRun) => (run.outputImages ?? []).length > 0;
  const silent = possible.filter((run) => !telling(run) || keyName === undefined);
  return {
    ours: keyName === undefined ? undefined : possible.find((run) => made(run, keyName)),
    going: keyName === undefined ? [] : silent.filter((run) => !hasEnded(run)),
    silent: keyName === undefined ? silent : silent.filter(hasEnded),
  };
}

export interface FindOptions {
  readonly arm: Arm;
  readonly log: Log;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Looks whether a request whose answer was lost has made a run.
 *
 * @returns that run, or `undefined` when there is none for certain
 * @throws {Failure} when a run may be ours and will not tell: a second one could build the same again
 */
export async function findRun(
  sought: Sought,
  { arm, log, sleep }: FindOptions,
): Promise<TaskRun | undefined> {
  let said = false;
  for (let looks = 1; ; looks++) {
    await sleep(looks === 1 ? 0 : settleMs);
    const { ours, going, silent } = sortCandidates(await listRuns(arm), sought);
    if (ours !== undefined) return ours;
    if (going.length > 0) {
      if (!said) {
        log.info(
          `${names(going)} may be the one that was asked for. It is known, and its log shown, when it ends.`,
        );
      }
      said = true;
    } else if (silent.length > 0) throw undecided(silent, arm);
    else if (looks > 1) return undefined;
  }
}

async function listRuns(arm: Arm): Promise<TaskRun[]> {
  const { value } = await arm.ask<{ value?: unknown[] }>({
    path: 'runs',
    method: 'GET',
    query: { $top: String(newest) },
    repeatable: true,
    doing: 'list the runs of the registry',
  });
  return (value ?? []).flatMap((run) => readRun(run) ?? []);
}

function undecided(runs: readonly TaskRun[], { registry }: Arm): Failure {
  return new Failure({
    what: "Azure's answer to the request for a run was lost, and whether it made one is not known.",
    why: `${names(runs)} may be it; a second one could build the same again.`,
    remedy: `Look at \`az acr task logs --registry ${registry.name} --run-id ${runs[0]?.runId}\`, then run this job again.`,
  });
}

function names(runs: readonly TaskRun[]): string {
  return `Run ${runs.map(({ runId, status }) => `${runId} (${status})`).join(', ')}`;
}
