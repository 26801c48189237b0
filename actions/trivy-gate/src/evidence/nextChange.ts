import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import type { JudgeContext } from '../../../../shared/verdict/JudgeContext.ts';
import type { Policy } from '../../../../shared/verdict/Policy.ts';
import { warningDays } from '../../../../shared/verdict/waivers/waiverNotices.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * When time alone may change a verdict: a waiver ends or its end has to be announced, a period of grace
 * is over, the database or a snapshot gets too old. A kept verdict holds until then.
 *
 * @returns `undefined` when it never does
 */
export function nextChange(
  inspection: Pick<Inspection, 'findings' | 'database'>,
  policy: Policy,
  context: JudgeContext,
): Date | undefined {
  const now = context.now.getTime();
  let next = Number.POSITIVE_INFINITY;
  for (const moment of momentsOf(inspection, policy, context)) {
    if (moment > now && moment < next) next = moment;
  }
  return next === Number.POSITIVE_INFINITY ? undefined : new Date(next);
}

function* momentsOf(
  { findings, database }: Pick<Inspection, 'findings' | 'database'>,
  { fixGraceDays, maxDatabaseAgeHours, kev: wantsKev, epss: wantsEpss }: Policy,
  { waivers = [], kev, epss }: JudgeContext,
): Generator<number> {
  for (const { expires } of waivers) {
    yield expires.getTime();
    yield expires.getTime() - warningDays * dayMs;
  }
  if (fixGraceDays !== undefined) {
    for (const { fix, publishedAt } of findings) {
      if (fix !== undefined && publishedAt) yield publishedAt.getTime() + fixGraceDays * dayMs;
    }
  }
  if (database !== undefined && maxDatabaseAgeHours !== undefined) {
    yield database.updatedAt.getTime() + maxDatabaseAgeHours * hourMs;
  }
  for (const [wanted, given] of [
    [wantsKev, kev],
    [wantsEpss, epss],
  ] as const) {
    if (wanted !== undefined && given !== undefined && 'madeAt' in given) {
      yield given.madeAt.getTime() + wanted.maxAgeDays * dayMs;
    }
  }
}
