import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Cause } from '../../../../shared/kube/diagnose.ts';
import { type Followed, followRollout } from '../../../../shared/kube/followRollout.ts';
import { KubeProblem } from '../../../../shared/kube/KubeApi.ts';
import type { Snapshot } from '../../../../shared/kube/Snapshot.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { Cancelled } from '../../../../shared/process/Cancelled.ts';
import { count } from '../../../../shared/text/count.ts';
import {
  type Check,
  isProblem,
  type Problem,
  type Seen,
  type Soak,
} from '../../../../shared/verify/Check.ts';
import type { Cluster } from '../openCluster.ts';
import type { Watching } from '../watchRollout.ts';
import { makeChecks } from './makeChecks.ts';
import type { Verification } from './Verification.ts';

/** What became of one check; times by `performance.now()`. */
export interface CheckResult {
  readonly name: string;
  /** `stopped` when another one ended the soak. */
  readonly state: 'held' | 'failed' | 'incomplete' | 'stopped';
  /** A few words for people; may quote what is untrusted. */
  readonly note: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Verified {
  readonly checks: readonly CheckResult[];
  /** What failed first. */
  readonly problem: Problem | undefined;
  /** What of the rollout itself cannot heal. */
  readonly certain: Cause | undefined;
}

/** Programs that checks have started end as on a cancelled job. */
const stopped = new Cancelled('SIGINT');

/**
 * Lets all checks run side by side through the soak, beside the watch of the rollout. The first that fails
 * ends it.
 */
export async function verify(
  verification: Verification,
  release: Followed & { readonly revision: number; readonly start: Snapshot },
  cluster: Cluster,
  watching: Watching,
  runner: Runner,
): Promise<Verified> {
  const { log } = runner;
  const ended = new AbortController();
  const signal = AbortSignal.any([runner.signal, ended.signal]);
  let snapshot = release.start;
  let certain: Cause | undefined;
  let problem: Problem | undefined;
  const fromMs = performance.now();
  const soak = { untilMs: fromMs + verification.soakMs, signal };
  const checks = makeChecks(verification, { ...release, present: () => snapshot }, cluster, runner);
  log.info(
    `${count(checks.length, 'check')} through ${verification.soakMs / 1000} s: ${checks.map(({ name }) => oneLine(name)).join(', ')}`,
  );
  const over = new AbortController();
  const following = followRollout(
    cluster.api,
    release,
    {
      onLook(seen) {
        snapshot = seen;
        watching.show(seen);
      },
      onCertain(cause) {
        certain = cause;
        ended.abort(stopped);
      },
    },
    AbortSignal.any([signal, over.signal]),
  );
  const results = await Promise.all(
    checks.map(async ({ name, run }): Promise<CheckResult> => {
      const seen = await runCheck(name, run, soak);
      const toMs = performance.now();
      const times = { name, fromMs, toMs };
      if (signal.aborted) return { ...times, state: 'stopped', note: 'not to its end' };
      if (!isProblem(seen)) {
        log.untrusted(`held    ${oneLine(name)}: ${oneLine(seen.note)}`);
        return { ...times, state: 'held', note: seen.note };
      }
      problem = seen.problem;
      ended.abort(stopped);
      log.untrusted(`failed  ${oneLine(seen.problem.what, 500)}`);
      const state = seen.problem.kind === 'violation' ? 'failed' : 'incomplete';
      return { ...times, state, note: seen.problem.what };
    }),
  );
  over.abort();
  await following;
  return { checks: results, problem, certain };
}

/** What cannot be looked at is told as what it is; the others go on to their ends. */
async function runCheck(name: string, run: Check['run'], soak: Soak): Promise<Seen> {
  try {
    return await run(soak);
  } catch (error) {
    if (!(error instanceof Failure || error instanceof KubeProblem)) throw error;
    const { message } = error;
    return {
      problem: {
        ...{ kind: 'unjudged', what: `${name}: it cannot be checked`, why: message },
        remedy: 'Grant the kubeconfig’s user what it lacks, or run the job again.',
      },
    };
  }
}
