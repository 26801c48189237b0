import * as v from 'valibot';
import type { Finding } from '../../verdict/Finding.ts';
import type { ClusterReport } from './ClusterReport.ts';
import { readHead } from './readHead.ts';
import { list, metadata, moment, readShape, severity } from './reportShape.ts';

const text = v.optional(v.string(), '');

/** A control of the standard; one without checks is for people. */
const control = v.object({
  id: v.string(),
  name: text,
  checks: v.optional(list(v.unknown()), []),
});

const failedCheck = v.object({
  success: v.literal(false),
  checkID: v.pipe(v.string(), v.minLength(1)),
  target: text,
  title: text,
  severity,
  remediation: v.optional(v.string()),
});

/** One that passed says nothing else. */
const check = v.variant('success', [v.object({ success: v.literal(true) }), failedCheck]);

/** The operator's `all` report. */
const result = v.object({ id: text, name: text, checks: list(check) });

/** A control in a summary; the operator writes `totalFail`, Starboard `failTotal`. */
const summed = v.object({
  id: v.string(),
  name: text,
  severity: v.optional(severity, 'UNKNOWN'),
  totalFail: v.nullish(v.number()),
  failTotal: v.nullish(v.number()),
});

const shape = v.object({
  metadata,
  spec: v.object({
    compliance: v.optional(v.object({ controls: v.optional(list(control), []) })),
  }),
  status: v.pipe(
    v.object({
      updateTimestamp: moment,
      detailReport: v.nullish(v.object({ results: v.optional(list(result), []) })),
      summaryReport: v.nullish(v.object({ controlCheck: v.optional(list(summed), []) })),
      control_check: v.nullish(v.array(summed)),
    }),
    v.check(
      ({ detailReport, summaryReport, control_check: old }) =>
        [detailReport, summaryReport, old].some((report) => report !== undefined),
      'has no report',
    ),
  ),
});

/** @throws {Failure} for an object of another shape, and for one that was never filled */
export function readComplianceReport(object: unknown): ClusterReport {
  const { metadata, spec, status } = readShape(shape, object);
  const controls = spec.compliance?.controls ?? [];
  const manual = new Set(controls.filter(({ checks }) => checks.length === 0).map(({ id }) => id));
  const sums = [...(status.summaryReport?.controlCheck ?? []), ...(status.control_check ?? [])];
  return {
    ...readHead({ ...metadata, ownerReferences: [] }),
    container: undefined,
    updatedAt: status.updateTimestamp,
    digest: undefined,
    scanner: undefined,
    system: undefined,
    findings: [
      ...(status.detailReport?.results ?? []).flatMap(({ id, name, checks }) =>
        checks.flatMap((check) => (check.success ? [] : [ofCheck(check, `${id} ${name}`.trim())])),
      ),
      ...sums
        .filter(
          ({ id, totalFail, failTotal }) => !manual.has(id) && (totalFail ?? failTotal ?? 0) > 0,
        )
        .map(ofSum),
    ],
    manual: controls
      .filter(({ id }) => manual.has(id))
      .map(({ id, name }) => `${id} ${name}`.trim()),
  };
}

function ofCheck(
  { checkID, target, title, severity, remediation }: v.InferOutput<typeof failedCheck>,
  control: string,
): Finding {
  return {
    kind: 'misconfiguration',
    id: checkID,
    severity,
    title: [control, title].filter(Boolean).join(': '),
    subject: {
      name: target || control,
      version: undefined,
      purl: undefined,
      path: target || undefined,
    },
    fix: undefined,
    url: undefined,
    advice: remediation,
  };
}

function ofSum({
  id,
  name,
  severity,
  totalFail,
  failTotal,
}: v.InferOutput<typeof summed>): Finding {
  return {
    kind: 'misconfiguration',
    id,
    severity,
    title: `${name}: ${totalFail ?? failTotal} checks fail`,
    subject: { name: name || id, version: undefined, purl: undefined, path: undefined },
    fix: undefined,
    url: undefined,
    advice: 'Let the operator write the whole report (spec.reportType: all) to see which.',
  };
}
