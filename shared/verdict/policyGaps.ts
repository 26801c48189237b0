import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import { howLong } from '../text/howLong.ts';
import type { Gap, Inspection } from './Inspection.ts';
import type { JudgeContext } from './JudgeContext.ts';
import type { Policy, SnapshotSource } from './Policy.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Clocks differ; what comes from further ahead has no age that could be believed. */
const aheadMs = dayMs;

/** What the policy needs to know and does not: it makes a verdict incomplete that would be a pass. */
export function policyGaps(inspection: Inspection, policy: Policy, context: JudgeContext): Gap[] {
  const unlisted = [packagesGap(inspection, policy), licensesGap(inspection, policy)].filter(
    (gap) => gap !== undefined,
  );
  const wanted = policy.kinds?.has('vulnerability') ?? true;
  if (!wanted) return unlisted;
  const { now, kev, epss } = context;
  return [
    ...unlisted,
    databaseGap(inspection, policy, now),
    snapshotGap('KEV catalog', policy.kev, kev, now),
    snapshotGap('EPSS list', policy.epss, epss, now),
  ].filter((gap) => gap !== undefined);
}

/** Reports of a cluster name only the packages in which there is something. */
function packagesGap(
  { packages, gaps }: Inspection,
  { denyPackages = [], denyLicenses = [] }: Policy,
): Gap | undefined {
  // Where nothing was seen, there is a gap that says why.
  if (packages !== undefined || gaps.length > 0) return undefined;
  if (denyPackages.length + denyLicenses.length === 0) return undefined;
  return {
    what: 'The policy denies packages or licenses, and what was looked at does not list them all.',
    remedy: 'Judge the image itself, or use a policy without deny-packages and deny-licenses.',
  };
}

/** Many lock files name no license: of such packages nobody can say that theirs is not denied. */
function licensesGap(
  { packages = [], findings }: Inspection,
  { denyLicenses = [] }: Policy,
): Gap | undefined {
  if (denyLicenses.length === 0 || packages.length === 0) return undefined;
  if (packages.some(({ licenses }) => licenses.length > 0)) return undefined;
  if (findings.some(({ kind }) => kind === 'license')) return undefined;
  return {
    what: `The policy denies licenses, and none is known of any of ${count(packages.length, 'package')}.`,
    remedy:
      'Judge what has the packages themselves (the image, or the folder after they are installed), or use a policy without deny-licenses.',
  };
}

function databaseGap(
  { database }: Inspection,
  { maxDatabaseAgeHours: most }: Policy,
  now: Date,
): Gap | undefined {
  if (most === undefined) return undefined;
  const remedy = 'Use a database repository that is kept up to date, or allow a greater age.';
  if (database === undefined) {
    return {
      what: 'The age of the vulnerability database is not known.',
      why: `The policy allows ${count(most, 'hour')}.`,
      remedy,
    };
  }
  const ageMs = now.getTime() - database.updatedAt.getTime();
  if (ageMs <= most * hourMs && ageMs >= -aheadMs) return undefined;
  return {
    what: `The vulnerability database is ${age(ageMs, database.updatedAt)}.`,
    why: `The policy allows ${count(most, 'hour')}; ${oneLine(database.source)} gave it.`,
    remedy,
  };
}

function snapshotGap(
  name: string,
  wanted: SnapshotSource | undefined,
  given: { readonly madeAt: Date } | Gap | undefined,
  now: Date,
): Gap | undefined {
  if (wanted === undefined) return undefined;
  if (given === undefined) {
    return {
      what: `The ${name} that the policy needs (${oneLine(wanted.file)}) was not read.`,
      remedy: 'Tell the maintainers.',
    };
  }
  if ('what' in given) return given;
  const ageMs = now.getTime() - given.madeAt.getTime();
  if (ageMs <= wanted.maxAgeDays * dayMs && ageMs >= -aheadMs) return undefined;
  return {
    what: `The ${name} in ${oneLine(wanted.file)} is ${age(ageMs, given.madeAt)}.`,
    why: `The policy allows ${count(wanted.maxAgeDays, 'day')}.`,
    remedy: 'Fetch the file again before this step.',
  };
}

/** A date that is none (others read it) has no age, and does not throw. */
function age(ageMs: number, date: Date): string {
  if (Number.isNaN(ageMs)) return 'of an age that is not known';
  const since = `it is of ${date.toISOString().slice(0, 16)}Z`;
  return `${ageMs < 0 ? 'from the future' : `${howLong(ageMs)} old`}: ${since}`;
}
