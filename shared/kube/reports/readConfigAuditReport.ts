import * as v from 'valibot';
import type { Finding } from '../../verdict/Finding.ts';
import type { ClusterReport } from './ClusterReport.ts';
import { readHead } from './readHead.ts';
import { list, metadata, moment, readShape, scanner, severity } from './reportShape.ts';

const check = v.object({
  checkID: v.pipe(v.string(), v.minLength(1)),
  title: v.optional(v.string()),
  severity,
  success: v.boolean(),
  /** Of the Trivy operator; Starboard has one `message`. */
  messages: v.optional(list(v.string()), []),
  message: v.optional(v.string()),
  remediation: v.optional(v.string()),
  scope: v.nullish(v.object({ type: v.optional(v.string()), value: v.optional(v.string()) })),
});

type Check = v.InferOutput<typeof check>;

/** Starboard below 0.12 kept the checks of the pod and of its containers apart. */
const report = v.pipe(
  v.object({
    updateTimestamp: v.optional(moment),
    scanner,
    checks: v.optional(list(check)),
    podChecks: v.optional(list(check)),
    containerChecks: v.optional(v.nullable(v.record(v.string(), list(check)))),
  }),
  v.check(({ checks, podChecks }) => (checks ?? podChecks) !== undefined, 'has no checks'),
);

/** ConfigAuditReport and ClusterConfigAuditReport. */
const shape = v.object({ metadata, report });

/** @throws {Failure} for an object of another shape */
export function readConfigAuditReport(object: unknown): ClusterReport {
  const { metadata, report } = readShape(shape, object);
  const checks = [
    ...(report.checks ?? []),
    ...(report.podChecks ?? []),
    ...Object.entries(report.containerChecks ?? {}).flatMap(scoped),
  ];
  return {
    ...readHead(metadata),
    container: undefined,
    updatedAt: report.updateTimestamp ?? metadata.creationTimestamp,
    digest: undefined,
    scanner: report.scanner,
    system: undefined,
    findings: checks.filter(({ success }) => !success).map(toFinding),
    manual: [],
  };
}

function scoped([container, checks]: [string, Check[]]): Check[] {
  return checks.map((check) => ({ ...check, scope: { type: 'Container', value: container } }));
}

function toFinding(check: Check): Finding {
  const said = check.messages[0] ?? check.message;
  return {
    kind: 'misconfiguration',
    id: check.checkID,
    severity: check.severity,
    title: [check.title, said].filter(Boolean).join(': ') || undefined,
    subject: {
      name: check.scope?.value || check.checkID,
      version: undefined,
      purl: undefined,
      path: check.scope?.value || undefined,
    },
    fix: undefined,
    url: undefined,
    advice: check.remediation,
  };
}
