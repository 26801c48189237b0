import { Failure } from '../../../shared/failure/Failure.ts';
import type { Log } from '../../../shared/log/Log.ts';
import type { Outcome, Verdict } from '../../../shared/verdict/Verdict.ts';
import type { Consequence, Inputs } from './inputs.ts';

/**
 * Lets the step end as the verdict says.
 *
 * @throws {Failure} for a verdict that is no pass, unless its consequence is a warning
 */
export function conclude(verdict: Verdict, subject: string, inputs: Inputs, log: Log): void {
  const { outcome, reason, remedy, details } = verdict;
  if (outcome === 'pass') {
    log.info(reason);
    return;
  }
  const failure = new Failure({
    what: outcome === 'violation' ? reason : `No verdict on ${subject} (incomplete): ${reason}`,
    remedy,
    details,
  });
  if (consequenceOf(outcome, inputs) === 'fail') throw failure;
  log.warning(`${failure.message} The step goes on all the same (on-${outcome}: warn).`);
}

/** What the inputs let a verdict do. */
export function consequenceOf(outcome: Exclude<Outcome, 'pass'>, inputs: Inputs): Consequence {
  return outcome === 'violation' ? inputs.onViolation : inputs.onIncomplete;
}
