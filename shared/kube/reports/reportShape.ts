import * as v from 'valibot';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { type Severity, severities } from '../../verdict/Severity.ts';

/** Polaris, the auditor of early Starboard, knows two; `NONE` is a score of 0, which nobody counts. */
const otherSeverities: Readonly<Record<string, Severity>> = {
  DANGER: 'HIGH',
  WARNING: 'MEDIUM',
  NONE: 'UNKNOWN',
};

export const severity = v.pipe(
  v.string(),
  v.transform((text) => otherSeverities[text.toUpperCase()] ?? text.toUpperCase()),
  v.picklist(severities),
);

export const moment = v.pipe(
  v.string(),
  v.transform((text) => new Date(text)),
  v.date(),
);

/** Go writes a list that was never made as `null`. */
export function list<Item extends v.GenericSchema>(item: Item) {
  return v.pipe(
    v.nullable(v.array(item)),
    v.transform((items) => items ?? []),
  );
}

export const scanner = v.optional(v.object({ name: v.string(), version: v.string() }));

/** Where an image is from. */
export const artifact = v.object({
  repository: v.optional(v.string(), ''),
  digest: v.optional(v.string()),
  tag: v.optional(v.string()),
});

const texts = v.optional(v.record(v.string(), v.string()), {});

/** What every object says of itself. */
export const metadata = v.object({
  name: v.string(),
  namespace: v.optional(v.string()),
  creationTimestamp: moment,
  labels: texts,
  annotations: texts,
  ownerReferences: v.optional(
    v.array(v.object({ kind: v.string(), name: v.string(), uid: v.string() })),
    [],
  ),
});

export type Metadata = v.InferOutput<typeof metadata>;

/**
 * Reads an object by its schema.
 *
 * @throws {Failure} that names the object, and the first field that is otherwise
 */
export function readShape<Schema extends v.GenericSchema>(
  schema: Schema,
  object: unknown,
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, object, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  const { kind = 'object', metadata: said } = (object ?? {}) as {
    kind?: string;
    metadata?: { name?: string; namespace?: string };
  };
  const name = [said?.namespace, said?.name].filter(Boolean).join('/');
  throw new Failure({
    what: `The report ${oneLine(`${kind} ${name}`)} is of a shape that is not known.`,
    // Never what was received: it can be the text of a secret.
    why: `${oneLine(v.getDotPath(issue) ?? 'The object')}: expected is ${oneLine(issue.expected ?? issue.type)}.`,
    remedy: 'Update this action, or the operator that wrote the report.',
  });
}
