import { readFile } from 'node:fs/promises';
import { setTimeout as timer } from 'node:timers/promises';
import type { Http } from '../../http/request.ts';
import type { Log } from '../../log/Log.ts';
import type { Digest } from '../../oci/Reference.ts';
import { armClient } from './armClient.ts';
import { awaitRun, type Pace, usualPace } from './awaitRun.ts';
import { cancelRun } from './cancelRun.ts';
import { explainRun } from './explainRun.ts';
import { orCancel } from './orCancel.ts';
import { RunLog } from './RunLog.ts';
import { readDigest } from './readDigest.ts';
import { scheduleRun } from './scheduleRun.ts';
import { sendContext } from './sendContext.ts';
import type { TaskRegistry } from './TaskRegistry.ts';
import type { TaskRun } from './TaskRun.ts';
import { type TaskBuild, taskRequest } from './taskRequest.ts';
import { withLabels } from './withLabels.ts';

export interface TasksOptions {
  readonly registry: TaskRegistry;
  /** Absolute paths. */
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile in the repository, for annotations. */
  readonly dockerfileInRepository?: string | undefined;
  readonly build: TaskBuild;
  /** Of the image, as `docker build --label` sets them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** A folder of the step's own. */
  readonly tempDir: string;
  /**
   * One of the names that no other build of other content makes; by it a run is found again whose id was
   * lost on the way. Without it such a loss ends in failure, unless nobody else builds.
   */
  readonly keyName?: string | undefined;
  /** Gives a token for ARM that is good now. */
  readonly token: () => Promise<string>;
  readonly http: Http;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Removed from the log, besides the values of secret arguments. */
  readonly secrets?: Iterable<string>;
  /** Told as soon as there is a run, before it is waited for. */
  readonly onRun?: (runId: string) => void;
  readonly pace?: Pace;
}

export interface TaskBuilt {
  /** `undefined` without a push. */
  readonly digest: Digest | undefined;
  readonly runId: string;
  /** In seconds, of the run alone, by Azure's clock. */
  readonly seconds: number | undefined;
  readonly files: number;
  /** Of the packed context. */
  readonly bytes: number;
}

/**
 * Builds an image by ACR tasks: packs and uploads the context, has it built in the registry, shows the
 * log as it grows, and finds the digest. A cancelled job cancels its run; so does one that cannot see it.
 *
 * @throws {Failure} that names the cause
 * @throws the signal's reason, once the cancellation of the run has been asked for
 */
export async function buildByTasks(options: TasksOptions): Promise<TaskBuilt> {
  const { registry, http, token, signal, log, build, pace = usualPace } = options;
  const arm = armClient({ registry, http, token, signal });
  // Refused before anything is sent.
  taskRequest(build, { location: '', dockerfile: '' });
  const text = await labelled(options);
  const sent = await sendContext({ arm, ...options, text });
  const sleep = async (ms: number) => void (await timer(ms, undefined, { signal }));
  const now = () => Date.now() + sent.clockAheadMs;

  const last = new AbortController();
  const scheduling = scheduleRun(taskRequest(build, sent), {
    ...{ arm, log, sleep, now, signal, keyName: options.keyName, last: last.signal },
  });
  const run = await orCancel(scheduling, scheduling, { arm, log, signal }).finally(() =>
    last.abort(),
  );
  options.onRun?.(run.runId);
  log.info(`ACR builds it in run ${run.runId}.`);

  const runLog = new RunLog({
    ...{ arm, http, signal, runId: run.runId },
    secrets: [...(options.secrets ?? []), ...secretValues(build)],
    onLine: (line) => log.untrusted(line),
  });
  const waiting = log.group(`Run ${run.runId}`, () =>
    awaitRun(run, { ...{ arm, runLog, log, pace, sleep, now } }),
  );
  const ended = await orCancel(waiting, run, { arm, log, signal }).catch(async (error: unknown) => {
    // A run that nobody waits for any more would push later what this job did not hand on.
    if (!signal.aborted) await cancelRun(run.runId, arm, log);
    throw error;
  });
  if (ended.status !== 'Succeeded') {
    throw explainRun(ended, runLog.tail, registry, options.dockerfileInRepository);
  }
  return {
    digest: build.push ? readDigest(ended, build.names, registry) : undefined,
    runId: run.runId,
    seconds: secondsOf(ended),
    files: sent.files,
    bytes: sent.bytes,
  };
}

/** A run knows no labels, so that its Dockerfile says them; `undefined` where it is as it is. */
async function labelled({ dockerfile, labels = {}, build }: TasksOptions) {
  if (Object.keys(labels).length === 0) return undefined;
  return withLabels(await readFile(dockerfile, 'utf8'), labels, build.target);
}

function secretValues({ arguments: given = [] }: TaskBuild): string[] {
  return given.filter(({ secret }) => secret).map(({ value }) => value);
}

function secondsOf({ startTime, finishTime }: TaskRun): number | undefined {
  const seconds = (Date.parse(finishTime ?? '') - Date.parse(startTime ?? '')) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}
