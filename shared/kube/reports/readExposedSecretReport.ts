import * as v from 'valibot';
import type { Finding } from '../../verdict/Finding.ts';
import type { ClusterReport } from './ClusterReport.ts';
import { checkWhole } from './checkWhole.ts';
import { readHead } from './readHead.ts';
import { artifact, list, metadata, moment, readShape, scanner, severity } from './reportShape.ts';

/** Its `match` holds the secret, or most of it, and is not even read. */
const secret = v.object({
  target: v.string(),
  ruleID: v.pipe(v.string(), v.minLength(1)),
  title: v.optional(v.string()),
  severity,
});

const shape = v.object({
  metadata,
  report: v.object({
    updateTimestamp: v.optional(moment),
    scanner,
    artifact,
    summary: v.optional(v.record(v.string(), v.number())),
    secrets: list(secret),
  }),
});

/** @throws {Failure} for an object of another shape */
export function readExposedSecretReport(object: unknown): ClusterReport {
  const { metadata, report } = readShape(shape, object);
  const head = readHead(metadata);
  checkWhole(head.name, report.summary, report.secrets.length);
  return {
    ...head,
    updatedAt: report.updateTimestamp ?? metadata.creationTimestamp,
    digest: report.artifact.digest,
    scanner: report.scanner,
    system: undefined,
    findings: report.secrets.map(toFinding),
    manual: [],
  };
}

function toFinding({ target, ruleID, title, severity }: v.InferOutput<typeof secret>): Finding {
  return {
    kind: 'secret',
    id: ruleID,
    severity,
    title,
    subject: { name: target, version: undefined, purl: undefined, path: target },
    fix: undefined,
    url: undefined,
    advice: 'Revoke it, and build the image without it.',
  };
}
