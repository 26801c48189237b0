import type { Runner } from '../../../shared/action/Runner.ts';
import type { Settled, Settling } from '../../../shared/kube/waitSettled.ts';
import type { Problem } from '../../../shared/verify/Check.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Cluster } from './openCluster.ts';
import { proveReady } from './proveReady.ts';
import type { CheckResult } from './verify/verify.ts';
import type { Watching } from './watchRollout.ts';

export interface Proven extends Settled {
  readonly checks: readonly CheckResult[];
  /** What of `verify` did not hold. */
  readonly problem?: Problem | undefined;
  /** When it had settled, by `performance.now()`. */
  readonly settledMs: number;
}

/** What scales by itself in the soak may be about to be ready again. */
const readyAgainMs = 15_000;

/**
 * Waits until all is ready and has settled; then, where something is to be verified, until that has held
 * through the soak, and all is ready still.
 */
export async function prove(
  plan: DeployPlan,
  settling: Settling,
  revision: number | undefined,
  cluster: Cluster,
  watching: Watching,
  runner: Runner,
): Promise<Proven> {
  const settled = await proveReady(cluster.api, settling, watching, runner);
  const settledMs = performance.now();
  const { verification } = plan;
  const { signal } = runner;
  const isOver = !settled.settled || signal.aborted;
  if (isOver || verification === undefined || revision === undefined) {
    return { ...settled, settledMs, checks: [] };
  }
  const { verify } = await import('./verify/verify.ts');
  const start = settled.snapshot;
  const release = { ...settling, revision, start };
  const { checks, problem, certain } = await verify(
    verification,
    release,
    cluster,
    watching,
    runner,
  );
  const proven = { ...settled, settledMs, checks };
  if (problem !== undefined || certain !== undefined || signal.aborted) {
    return { ...proven, settled: false, problem, certain };
  }
  const again = { ...settling, settleMs: 0, timeoutMs: readyAgainMs };
  return { ...proven, ...(await proveReady(cluster.api, again, watching, runner)) };
}
