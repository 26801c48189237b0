import { Failure } from '../../../shared/failure/Failure.ts';
import type { Log } from '../../../shared/log/Log.ts';
import { annotationsOf } from '../../../shared/report/annotationsOf.ts';
import type { Outcome } from '../../../shared/verdict/Verdict.ts';
import type { Consequence, Inputs } from './inputs.ts';
import { originsOf } from './naming.ts';
import type { Seen } from './Seen.ts';

/** GitHub shows ten of a kind; the verdict's own comes first. */
const mostAnnotations = 9;

/**
 * Lets the step end as the verdict says: the root cause first, then the worst findings at their places.
 *
 * @throws {Failure} for a verdict that is no pass, unless its consequence is a warning; and where
 * evidence was asked for and could not be attached, which is given as `unattested`
 * @throws {AggregateError} of several of these
 */
export function conclude(
  { inspection, judgement }: Pick<Seen, 'inspection' | 'judgement'>,
  unattested: readonly Failure[],
  inputs: Pick<Inputs, 'onViolation' | 'onIncomplete' | 'reports' | 'target'>,
  log: Log,
): void {
  const { outcome, reason, remedy, details } = judgement.verdict;
  const failures: Failure[] = [];
  if (outcome === 'pass') log.info(reason);
  else {
    const what =
      outcome === 'violation'
        ? reason
        : `No verdict on ${inspection.subject} (incomplete): ${reason}`;
    const told = [new Failure({ what, remedy, details }), ...annotations(judgement, inputs)];
    if (consequenceOf(outcome, inputs) === 'fail') failures.push(...told);
    else {
      const said = `${told[0]?.message} The step goes on all the same (on-${outcome}: warn).`;
      log.warning(said);
      for (const { message, place } of told.slice(1)) log.warning(message, place);
    }
  }
  failures.push(...unattested);
  if (failures.length > 1) throw new AggregateError(failures, reason);
  if (failures[0] !== undefined) throw failures[0];
}

/** A single finding without a place is in the verdict's own annotation already. */
function annotations(
  { counted }: Seen['judgement'],
  inputs: Pick<Inputs, 'reports' | 'target'>,
): Failure[] {
  const all = annotationsOf({ counted }, mostAnnotations, originsOf(inputs));
  const shown = all.length === 1 ? all.filter(({ place }) => place !== undefined) : all;
  return shown.map(({ text, place }) => new Failure({ what: text, place }));
}

/** What the inputs let a verdict do. */
export function consequenceOf(
  outcome: Exclude<Outcome, 'pass'>,
  inputs: Pick<Inputs, 'onViolation' | 'onIncomplete'>,
): Consequence {
  return outcome === 'violation' ? inputs.onViolation : inputs.onIncomplete;
}
