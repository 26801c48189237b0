import * as v from 'valibot';

const field = v.object({
  path: v.string(),
  before: v.optional(v.string()),
  after: v.optional(v.string()),
});

const object = v.object({
  /** `Deployment/web` */
  object: v.string(),
  apiVersion: v.string(),
  namespace: v.optional(v.string()),
  change: v.picklist(['added', 'changed', 'removed', 'kept', 'unchanged', 'unknown']),
  fields: v.array(field),
  note: v.optional(v.string()),
  /** What was seen of the live object. */
  seen: v.optional(v.object({ uid: v.string(), state: v.string() })),
});

/** A saved plan. No value that may be secret stands in it. */
export const planSchema = v.object({
  version: v.literal(1),
  release: v.string(),
  namespace: v.string(),
  /** The last revision of the release; 0 where there is none. */
  revision: v.number(),
  /** Digests of what is deployed. */
  manifest: v.string(),
  hooks: v.string(),
  objects: v.array(object),
});

export type Plan = v.InferOutput<typeof planSchema>;
export type PlannedObject = Plan['objects'][number];

/** The objects that a deploy would touch, as `Kind/name`. */
export function touched({ objects }: Pick<Plan, 'objects'>): readonly string[] {
  return [
    ...new Set(
      objects.filter(({ change }) => !/^(unchanged|kept)$/.test(change)).map((one) => one.object),
    ),
  ].sort();
}
