import { Failure } from '../../../shared/failure/Failure.ts';
import { NotJudged } from '../../../shared/failure/NotJudged.ts';
import { LoginFailed } from '../../../shared/kube/LoginFailed.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { redact } from '../../../shared/process/redact.ts';

export type Verdict = 'pass' | 'violation' | 'incomplete';

const longestReason = 1000;

/**
 * What an error says of the release: a known reason against it, or that it could not be judged, as for a
 * cancelled job, an API server that is gone, and a defect of ours.
 */
export async function verdictOf(
  error: unknown,
  secrets: Iterable<string>,
): Promise<{ readonly verdict: Verdict; readonly reason: string }> {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return {
    verdict: (await isKnown(first)) ? 'violation' : 'incomplete',
    reason: reasonOf(first, secrets),
  };
}

/** The root cause in one line, without secrets of the step. */
export function reasonOf(error: unknown, secrets: Iterable<string>): string {
  const parts = error instanceof Failure ? [error.what, error.why] : [(error as Error)?.message];
  return oneLine(redact(parts.filter(Boolean).join(' '), secrets), longestReason);
}

async function isKnown(error: unknown): Promise<boolean> {
  if (!(error instanceof Failure)) return false;
  if (error instanceof NotJudged || error instanceof LoginFailed) return false;
  // What tells answers apart is large, and without a cause, as with wrong inputs, there was none.
  if (error.cause === undefined) return true;
  const { isNoAnswer } = await import('../../../shared/http/isNoAnswer.ts');
  const { KubeProblem } = await import('../../../shared/kube/KubeApi.ts');
  return !isNoAnswer(error) && !(error.cause instanceof KubeProblem);
}
