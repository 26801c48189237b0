import * as v from 'valibot';
import type { Digest } from '../../../../shared/oci/Reference.ts';
import { parseDigest } from '../../../../shared/oci/Reference.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import { severities } from '../../../../shared/verdict/Severity.ts';

/** The name of our field in a verification summary: what is needed to tell the verdict once more. */
export const recordField = 'https://github.com/data-platform/platform-actions/gate/v1';

/** In the list of what is attached to a digest, so that only what may be reused is fetched. */
export const keyAnnotation = 'com.github.data-platform.platform-actions.reuse-key';

const date = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
);
const digest = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/),
  v.transform((text): Digest => parseDigest(text)),
);
const text = v.string();
const maybe = v.optional(text);
const number = v.pipe(v.number(), v.integer(), v.minValue(0));

const kind = v.picklist([
  'vulnerability',
  'misconfiguration',
  'secret',
  'license',
  'end-of-life',
  'denied-package',
]);

const finding = v.pipe(
  v.object({
    kind,
    id: text,
    aliases: v.optional(v.array(text)),
    severity: v.picklist(severities),
    title: maybe,
    subject: v.object({ name: text, version: maybe, purl: maybe, path: maybe }),
    fix: maybe,
    url: maybe,
    publishedAt: v.optional(date),
    layer: v.optional(v.object({ diffId: text, digest: maybe, createdBy: maybe })),
    lines: v.optional(v.object({ file: text, start: v.number(), end: v.number() })),
    score: v.optional(v.number()),
    status: maybe,
    advice: maybe,
    weaknesses: v.optional(v.array(text)),
  }),
  v.transform(
    ({ title, fix, url, subject: { name, version, purl, path }, ...rest }): Finding => ({
      ...rest,
      ...{ title, fix, url, subject: { name, version, purl, path } },
    }),
  ),
);

const excused = v.object({
  finding,
  excuse: v.variant('kind', [
    v.object({
      kind: v.literal('waiver'),
      waiver: v.object({
        id: text,
        kind: v.optional(kind),
        package: maybe,
        purl: maybe,
        path: maybe,
        owner: text,
        reason: text,
        expires: date,
        source: text,
        lacks: v.optional(v.array(v.picklist(['owner', 'reason', 'expires']))),
      }),
    }),
    v.pipe(
      v.object({
        kind: v.literal('vex'),
        status: text,
        justification: maybe,
        author: maybe,
        source: text,
      }),
      v.transform(({ justification, author, ...rest }) => ({ ...rest, justification, author })),
    ),
  ]),
});

/** How many there were, and the worst of them. */
const listOf = <T extends v.GenericSchema>(item: T) =>
  v.object({
    counts: v.object(
      Object.fromEntries(severities.map((severity) => [severity, number])) as Record<
        (typeof severities)[number],
        typeof number
      >,
    ),
    worst: v.array(item),
  });

export const gateRecord = v.object({
  /** As `reuseKey` makes it. */
  key: digest,
  /** From then on time alone may change the verdict: a waiver ends, the database is too old … */
  validUntil: v.optional(date),
  outcome: v.picklist(['pass', 'violation']),
  reason: text,
  remedy: maybe,
  subject: text,
  baseline: maybe,
  facts: v.array(v.object({ name: text, value: text, exact: maybe })),
  notices: v.array(text),
  database: v.optional(v.object({ source: text, digest: maybe, updatedAt: date })),
  scanner: v.optional(v.object({ name: text, version: text })),
  system: v.optional(v.object({ family: text, name: text, endOfLife: v.boolean() })),
  scannedAt: v.optional(date),
  counted: listOf(finding),
  known: listOf(finding),
  waived: listOf(excused),
  others: listOf(finding),
});

/** A verdict as it is kept in the registry. All texts are untrusted. */
export type GateRecord = v.InferOutput<typeof gateRecord>;
