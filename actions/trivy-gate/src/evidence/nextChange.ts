/**
 * When time alone may change a verdict: a waiver ends or its end has to be announced, a grace period
 * ends, the database or a snapshot gets too old.
 *
 * @param moments of all of these; those that have passed do not matter any more
 */
export function nextChange(moments: Iterable<Date | undefined>, now: Date): Date | undefined {
  let next: Date | undefined;
  for (const moment of moments) {
    if (moment === undefined || moment <= now) continue;
    if (next === undefined || moment < next) next = moment;
  }
  return next;
}
