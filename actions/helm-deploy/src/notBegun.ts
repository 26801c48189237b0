import type { Runner } from '../../../shared/action/Runner.ts';
import type { Failure } from '../../../shared/failure/Failure.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import type { Result } from './deploy.ts';

/** The result of a deploy that was refused before anything was written. */
export function notBegun(
  failure: Failure,
  before: readonly Revision[],
  started: number,
  runner: Runner,
): Result {
  const { revision, status } = noChange(before);
  if (revision !== undefined) runner.output('revision', String(revision));
  runner.output('status', status);
  const durationMs = performance.now() - started;
  return { revision, status, url: undefined, workloads: [], durationMs, failure };
}

/** What runs is what ran before. */
export function noChange(before: readonly Revision[]) {
  const revision = before.findLast(({ status }) => status === 'deployed')?.revision;
  return { revision, status: 'failed' as const, said: 'Nothing was changed.' };
}
