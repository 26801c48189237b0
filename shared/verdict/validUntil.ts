import type { Finding } from './Finding.ts';
import type { Inspection } from './Inspection.ts';
import type { JudgeContext } from './JudgeContext.ts';
import type { Policy } from './Policy.ts';
import { warningDays } from './waivers/waiverNotices.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The first moment at which the same things could be judged otherwise, because time has gone by: a
 * waiver ends, a period of grace is over, a list or the database becomes too old. A verdict that is
 * kept holds until then.
 *
 * @returns `undefined` when time changes nothing
 */
export function validUntil(
  { findings, database }: Pick<Inspection, 'findings' | 'database'>,
  { maxDatabaseAgeHours, kev, epss, fixGraceDays }: Policy,
  context: JudgeContext,
): Date | undefined {
  const now = context.now.getTime();
  let first = Number.POSITIVE_INFINITY;
  const consider = (time: number) => {
    // What has been already is in the verdict; a time that is none compares as false.
    if (time > now && time < first) first = time;
  };
  for (const { expires } of context.waivers ?? []) {
    consider(expires.getTime());
    // From then on its end is told.
    consider(expires.getTime() - warningDays * dayMs);
  }
  if (fixGraceDays !== undefined) {
    for (const finding of findings) consider(graceEnd(finding, fixGraceDays));
  }
  if (maxDatabaseAgeHours !== undefined && database !== undefined) {
    consider(afterwards(database.updatedAt.getTime() + maxDatabaseAgeHours * hourMs));
  }
  for (const [wanted, given] of [
    [kev, context.kev],
    [epss, context.epss],
  ] as const) {
    if (wanted !== undefined && given !== undefined && 'madeAt' in given) {
      consider(afterwards(given.madeAt.getTime() + wanted.maxAgeDays * dayMs));
    }
  }
  return first === Number.POSITIVE_INFINITY ? undefined : new Date(first);
}

function graceEnd({ publishedAt, fix }: Finding, days: number): number {
  return publishedAt === undefined || fix === undefined
    ? Number.NaN
    : afterwards(publishedAt.getTime() + days * dayMs);
}

/** What is allowed up to a moment is so at that moment still. */
function afterwards(time: number): number {
  return time + 1;
}
