import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from '../../../shared/action/Runner.ts';
import type { Failure } from '../../../shared/failure/Failure.ts';
import { NotJudged } from '../../../shared/failure/NotJudged.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import { type KubeApi, KubeProblem } from '../../../shared/kube/KubeApi.ts';
import { type Lease, type Taken, takeLease } from '../../../shared/kube/lease.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { holderOf, runAddress } from './holder.ts';
import type { Lock } from './Lock.ts';
import { runIsOver } from './runIsOver.ts';

/** Between two looks at a release whose holder works. */
const pauseMs = 1000;

type Held = Pick<UpgradePlan, 'release' | 'namespace' | 'timeoutMs'> & { readonly lock?: Lock };

/**
 * Takes the release for this job, so that two jobs never deploy it at once: they take turns, or the
 * later one is refused.
 *
 * @returns `undefined` where leases may not be used; the log says so
 * @throws {Failure} that names who holds it: at once, or after waiting as long as a rollout may take
 */
export async function holdRelease(
  api: KubeApi,
  { release, namespace, timeoutMs, lock = { concurrency: 'wait' } }: Held,
  runner: Runner,
): Promise<Lease | undefined> {
  const { env, log, signal } = runner;
  const name = `platform-actions.${release}`;
  const holder = holderOf(env);
  const until = performance.now() + timeoutMs;
  const told = new Set<string>();
  const tell = (by: string, text: string) => {
    if (!told.has(by + text)) log.info(text);
    told.add(by + text);
  };
  const take = () =>
    takeLease(api, namespace, name, holder, {
      signal,
      isOver: (by) => runIsOver(by, lock, runner),
      onWait: (by, waitMs) =>
        tell(
          by,
          `The release is held by ${named(by, env)}. Whether it still works there shows within ${waitMs / 1000} s.`,
        ),
    }).catch(notTaken);
  for (;;) {
    const taken = await take();
    if (taken.held === true) return taken.lease;
    if (taken.held === 'unknown') {
      log.info(`The release is not held against other jobs: ${taken.why}.`);
      return undefined;
    }
    if (lock.concurrency === 'fail' || performance.now() > until) {
      throw heldByAnother(taken, { release, namespace, timeoutMs, lock }, env);
    }
    tell(
      taken.by,
      `${named(taken.by, env)} deploys ${release}; this step goes on when it is done.`,
    );
    await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function heldByAnother(
  { by, since }: Extract<Taken, { held: false }>,
  { release, namespace, timeoutMs, lock }: Held,
  env: Runner['env'],
): Failure {
  const waited = lock?.concurrency === 'fail' ? '' : ` It was waited for ${timeoutMs / 1000} s.`;
  return new NotJudged({
    what: `Release ${release} in namespace ${namespace} is being deployed by ${named(by, env)}.`,
    why: `${since ? `Since ${since.toISOString()}.` : ''}${waited}`.trim() || undefined,
    remedy:
      lock?.concurrency === 'fail'
        ? 'Wait for it, or set `concurrency: wait` so that jobs take turns.'
        : 'Look at what takes it so long, then run this job again.',
  });
}

/** Who it is, with the address of its run. */
function named(holder: string, env: Runner['env']): string {
  const address = runAddress(holder, env);
  return address === undefined ? oneLine(holder) : `${oneLine(holder)}, ${address}`;
}

/** A policy may refuse leases, and one that does not answer refuses all; of the release we are told next. */
function notTaken(error: unknown): { readonly held: 'unknown'; readonly why: string } {
  if (!(error instanceof KubeProblem)) throw error;
  return { held: 'unknown', why: oneLine(error.message, 400) };
}

/**
 * What a step is told that lost its release: another one may be at work on it, so that nothing more
 * is changed.
 *
 * @param why as the lease tells it
 */
export function noLongerHeld(
  why: string,
  { release }: Pick<UpgradePlan, 'release'>,
  details?: string,
): Failure {
  return new NotJudged({
    what: `Release ${release} is no longer held by this step: ${oneLine(why)}.`,
    why: 'Nothing more was changed, since another job may be at work on it.',
    remedy:
      'Look at what the other job did, then run this one again; set `concurrency` in the workflow so that jobs take turns.',
    details,
  });
}
