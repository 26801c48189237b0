const day = /^(\d{4})-(\d{2})-(\d{2})$/;
const moment = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const dayMs = 24 * 3_600_000;

/**
 * When a waiver ends. A date alone holds through that day, in UTC: it ends as the next one begins. A
 * time without a zone is refused: it would end at another moment on each machine.
 *
 * @returns the moment, or why there is none
 */
export function parseExpiry(text: string): Date | string {
  if (day.test(text)) {
    const begins = dateOf(text);
    return begins === undefined ? 'is no day of the calendar' : new Date(begins + dayMs);
  }
  const [, date] = moment.exec(text) ?? [];
  if (date !== undefined) {
    const time = Date.parse(text);
    return dateOf(date) === undefined || Number.isNaN(time)
      ? 'is no time of the calendar'
      : new Date(time);
  }
  return /^\d{4}-\d{2}-\d{2}[T ]\d/.test(text)
    ? 'has no zone, or is not written as 2026-12-31T12:00:00Z'
    : 'is not a date as 2026-12-31 (it holds through that day, UTC)';
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function dateOf(text: string): number | undefined {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? time : undefined;
}
