import { setTimeout as timer } from 'node:timers/promises';
import type { Log } from '../../log/Log.ts';
import type { Arm } from './armClient.ts';
import { cancelRun } from './cancelRun.ts';
import type { TaskRun } from './TaskRun.ts';

/** How long a request for a run may go on after the cancellation, so that its run can be cancelled. */
const lateMs = 1500;

export interface OrCancelOptions {
  readonly arm: Arm;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What `work` gives; when the job is cancelled before, cancels the run and throws the reason. */
export async function orCancel<T>(
  work: Promise<T>,
  run: TaskRun | Promise<TaskRun>,
  { arm, log, signal }: OrCancelOptions,
): Promise<T> {
  const aborted = Promise.withResolvers<'aborted'>();
  const abort = () => aborted.resolve('aborted');
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const first = await Promise.race([work.then((value) => ({ value })), aborted.promise]);
    if (first !== 'aborted' && !signal.aborted) return first.value;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  work.catch(() => {});
  const waiting = new AbortController();
  const known = await Promise.race([
    Promise.resolve(run).catch(() => undefined),
    timer(lateMs, undefined, { signal: waiting.signal }).catch(() => undefined),
  ]);
  waiting.abort();
  if (known !== undefined) await cancelRun(known.runId, arm, log);
  else {
    log.warning(
      `The build was cancelled while a run was asked for. If it was made, \`az acr task list-runs --registry ${arm.registry.name}\` shows it.`,
    );
  }
  throw signal.reason;
}
