import { readChecked } from '../../yaml/readChecked.ts';
import type { Policy } from '../Policy.ts';
import { PolicyFile } from './PolicyFile.ts';

/**
 * Reads a policy file. What it leaves out is left out of the result, so that inputs can say it.
 *
 * @param file what it is called in messages
 * @throws {AggregateError} of one Failure a problem, each with its place
 */
export function readPolicy(text: string, file: string): Partial<Policy> {
  const { value } = readChecked(text, PolicyFile, { file, empty: {} });
  const { kev, epss } = value;
  return present({
    severities: value.severities && new Set(value.severities),
    ignoreUnfixed: value['ignore-unfixed'],
    kinds: value.kinds && new Set(value.kinds),
    fixGraceDays: value['fix-grace-days'],
    endOfLife: value['end-of-life'],
    denyPackages: value['deny-packages'],
    denyLicenses: value['deny-licenses'],
    kev: kev && { file: kev.file, maxAgeDays: kev['max-age-days'] },
    epss: epss && { file: epss.file, maxAgeDays: epss['max-age-days'], atLeast: epss['at-least'] },
    maxDatabaseAgeHours: value['max-database-age-hours'],
    neverWaive: value['never-waive'],
  });
}

type Absent<T> = { readonly [Key in keyof T]: T[Key] | undefined };

/** Without the keys that are `undefined`: a spread of them would hide what inputs say. */
function present(parts: Absent<Required<Policy>>): Partial<Policy> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
