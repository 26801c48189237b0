import { oneLine } from '../../log/oneLine.ts';
import type { Waiver } from '../Waiver.ts';
import type { WaiverUse } from './WaiverIndex.ts';

const dayMs = 24 * 3_600_000;

/** So long before its end a waiver is told, so that there is time to do something. */
const warningDays = 14;

/** More names than these nobody reads; the file has them. */
const most = 10;

/**
 * What the owners of waivers should know.
 *
 * @param complete whether all of the subject was seen: else, a waiver that matched nothing may be needed
 */
export function waiverNotices(uses: readonly WaiverUse[], now: Date, complete: boolean): string[] {
  const own = uses.filter(({ waiver }) => waiver.lacks === undefined);
  const used = uses.filter(({ matched, refused }) => matched > refused);
  const soon = now.getTime() + warningDays * dayMs;
  return [
    said(
      'What these waived counts again, for they have ended',
      used.filter(({ ended }) => ended),
      withEnd,
    ),
    said(
      'What these waive counts all the same, for the policy lets nobody waive it (never-waive)',
      uses.filter(({ refused }) => refused > 0),
      plain,
    ),
    said(
      `These waivers end within ${warningDays} days`,
      used.filter((use) => !use.ended && use.waiver.expires.getTime() <= soon),
      withEnd,
    ),
    said(
      'These waivers match nothing that counts, so they can go',
      complete ? own.filter(({ matched }) => matched === 0) : [],
      plain,
    ),
    ...lacking(used.filter(({ ended }) => !ended)),
  ].filter((notice) => notice !== undefined);
}

const lackNames = { owner: 'owner', reason: 'reason', expires: 'end' } as const;

/** One notice for all that lack the same: an ignore file of hundreds would fill the page. */
function lacking(uses: readonly WaiverUse[]): string[] {
  const groups = Map.groupBy(
    uses.filter(({ waiver }) => waiver.lacks !== undefined),
    ({ waiver }) => (waiver.lacks ?? []).map((lack) => lackNames[lack]).join(', '),
  );
  return [...groups].map(
    ([lacks, group]) =>
      `${said(`These are ignored without ${lacks}`, group, plain)} Make them waivers.`,
  );
}

function said(
  what: string,
  uses: readonly WaiverUse[],
  describe: (waiver: Waiver) => string,
): string | undefined {
  if (uses.length === 0) return undefined;
  const names = uses.slice(0, most).map(({ waiver }) => describe(waiver));
  const more = uses.length > most ? `; and ${uses.length - most} more` : '';
  return `${what}: ${names.join('; ')}${more}.`;
}

function plain({ id, source, owner, lacks }: Waiver): string {
  const of = lacks?.includes('owner') ? '' : ` of ${oneLine(owner, 80)}`;
  return `${oneLine(id, 80)}${of} (${oneLine(source)})`;
}

function withEnd(waiver: Waiver): string {
  return `${plain(waiver)} ${lastMoment(waiver.expires)}`;
}

/** What ends at midnight was written as a day, and people know it by that one. */
function lastMoment(expires: Date): string {
  return expires.getTime() % dayMs === 0
    ? `on ${new Date(expires.getTime() - 1).toISOString().slice(0, 10)}`
    : `at ${expires.toISOString()}`;
}
