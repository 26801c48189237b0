import { Failure } from '../../../shared/failure/Failure.ts';
import { NotJudged } from '../../../shared/failure/NotJudged.ts';
import { isNoAnswer } from '../../../shared/http/isNoAnswer.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import { LoginFailed } from '../../../shared/kube/LoginFailed.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { redact } from '../../../shared/process/redact.ts';

export type Verdict = 'pass' | 'violation' | 'incomplete';

const longestReason = 1000;

/**
 * What an error says of the release: a known reason against it, or that it could not be judged, as for a
 * cancelled job, an API server that is gone, and a defect of ours.
 */
export function verdictOf(
  error: unknown,
  secrets: Iterable<string>,
): { readonly verdict: Verdict; readonly reason: string } {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return {
    verdict: isKnown(first) ? 'violation' : 'incomplete',
    reason: reasonOf(first, secrets),
  };
}

/** The root cause in one line, without secrets of the step. */
export function reasonOf(error: unknown, secrets: Iterable<string>): string {
  const parts = error instanceof Failure ? [error.what, error.why] : [(error as Error)?.message];
  return oneLine(redact(parts.filter(Boolean).join(' '), secrets), longestReason);
}

function isKnown(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  if (error instanceof NotJudged || error instanceof LoginFailed || isNoAnswer(error)) return false;
  return !(error.cause instanceof KubeProblem);
}
