import { Failure } from '../../../../../shared/failure/Failure.ts';
import { explainHelmError } from '../../../../../shared/helm/explainHelmError.ts';
import type { TestPod } from '../../../../../shared/kube/followTests.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { plainText } from '../../../../../shared/log/sanitize.ts';
import type { Outcome } from '../../../../../shared/process/run.ts';

/** A log may be one line of JSON; an annotation is read. */
const longestLine = 500;

/** The first test that failed, with the line of its log that tells why; or what Helm says. */
export function explainTests(
  pods: readonly TestPod[],
  { startError, stderr }: Pick<Outcome, 'startError' | 'stderr'>,
): Failure {
  const failed = pods.find(({ passed }) => !passed);
  if (failed === undefined) {
    return new Failure({ ...explainHelmError(startError ?? stderr), details: stderr });
  }
  const { chain, reason, line, remedy, log } = failed;
  return new Failure({
    what: plainText(`${chain}: ${oneLine(reason, longestLine)}.`),
    why: line === undefined ? undefined : `Its log says: ${oneLine(line, longestLine)}`,
    remedy,
    details: log === '' ? undefined : log,
  });
}
