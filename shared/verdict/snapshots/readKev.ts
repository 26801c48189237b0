import * as v from 'valibot';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { decompress } from './decompress.ts';
import type { Kev } from './Snapshots.ts';

const schema = v.object({
  catalogVersion: v.string(),
  dateReleased: v.pipe(
    v.string(),
    v.check((text) => !Number.isNaN(Date.parse(text)), 'is not a time'),
  ),
  // An empty list is a broken download, and would let everything pass.
  vulnerabilities: v.pipe(
    v.array(v.object({ cveID: v.string() })),
    v.minLength(1, 'the list is empty'),
  ),
});

const remedy = "Download CISA's `known_exploited_vulnerabilities.json` again, as it is.";

/**
 * Reads CISA's catalog of known exploited vulnerabilities (JSON; packed by gzip, too).
 *
 * @throws {Failure} when it is not that catalog
 */
export function readKev(bytes: Uint8Array, file: string): Kev {
  let document: unknown;
  try {
    document = JSON.parse(decompress(bytes).toString('utf8'));
  } catch (cause) {
    const why = oneLine((cause as Error).message);
    throw new Failure({
      what: `The KEV catalog ${oneLine(file)} is not JSON.`,
      why,
      remedy,
      cause,
    });
  }
  const read = v.safeParse(schema, document, { abortEarly: true });
  if (!read.success) {
    const [issue] = read.issues;
    throw new Failure({
      what: `${oneLine(file)} is not a KEV catalog.`,
      why: oneLine(`${v.getDotPath(issue) ?? 'The document'}: ${issue.message}`),
      remedy,
    });
  }
  const { catalogVersion, dateReleased, vulnerabilities } = read.output;
  return {
    ids: new Set(vulnerabilities.map(({ cveID }) => cveID.toUpperCase())),
    version: catalogVersion,
    madeAt: new Date(dateReleased),
  };
}
