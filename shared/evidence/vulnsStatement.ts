import { Buffer } from 'node:buffer';
import type { PinnedReference } from '../oci/Reference.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Knowledge } from '../verdict/Inspection.ts';
import { worstFirst } from '../verdict/worstFirst.ts';
import { digestSet } from './digestSet.ts';
import type { Statement } from './Statement.ts';

/** in-toto/attestation, spec/predicates/vulns_02.md. */
export const vulnsPredicate = 'https://in-toto.io/attestation/vulns/v0.2';

/** How many vulnerabilities were left out. Fields of one's own have URIs as names. */
export const omittedField = 'https://github.com/data-platform/platform-actions/omitted/v1';

/** One whole scan: of one that saw a part only, "none found" would be read where nobody looked. */
export interface Scan {
  readonly subject: PinnedReference;
  readonly scanner: { readonly name: string; readonly version: string; readonly uri: string };
  readonly database: Knowledge;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Of any kind; only vulnerabilities are told. */
  readonly findings: readonly Finding[];
}

/** Readers of a registry's blobs take some megabytes; base64 makes a third more of it. */
const limits = { most: 20_000, bytes: 5_000_000 };

/** What a scanner found in a digest, worst first; of very many, the least are left out. */
export function vulnsStatement(scan: Scan, { most, bytes } = limits): Statement {
  const { subject, scanner, database } = scan;
  const all = worstFirst(scan.findings.filter(({ kind }) => kind === 'vulnerability'));
  const result: unknown[] = [];
  let size = 0;
  for (const finding of all.slice(0, most)) {
    const entry = toResult(finding, scanner.name);
    size += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (size > bytes) break;
    result.push(entry);
  }
  return {
    subject: { name: `${subject.registry}/${subject.repository}`, digest: subject.digest },
    predicateType: vulnsPredicate,
    predicate: {
      scanner: {
        uri: scanner.uri,
        version: scanner.version,
        db: {
          uri: database.source,
          ...(database.digest && {
            version: database.digest,
            digest: digestSet(database.digest),
          }),
          lastUpdate: database.updatedAt.toISOString(),
        },
        result,
      },
      metadata: {
        scanStartedOn: scan.startedAt.toISOString(),
        scanFinishedOn: scan.finishedAt.toISOString(),
      },
      ...(result.length < all.length && { [omittedField]: all.length - result.length }),
    },
  };
}

function toResult({ id, severity, score, subject, fix, status }: Finding, scanner: string) {
  const { name, version, purl, path } = subject;
  const told = { package: name, version, purl, path, fixed: fix, status };
  return {
    id: bounded(id),
    severity: [
      { method: scanner.toLowerCase(), score: severity },
      ...(score === undefined ? [] : [{ method: 'cvss', score: score.toFixed(1) }]),
    ],
    annotations: [
      Object.fromEntries(
        Object.entries(told).flatMap(([key, value]) => (value ? [[key, bounded(value)]] : [])),
      ),
    ],
  };
}

/** One hostile name must not push out all others. */
function bounded(text: string): string {
  return text.slice(0, 1000).toWellFormed();
}
