import * as v from 'valibot';

/** A Job that is made for one check, and goes with it. */
export const checkJobSchema = v.looseObject({
  apiVersion: v.literal('batch/v1', 'is not batch/v1'),
  kind: v.literal('Job', 'is not Job'),
  metadata: v.optional(v.looseObject({ name: v.optional(v.string()) })),
  spec: v.looseObject({ template: v.looseObject({}) }),
});

export type CheckJob = v.InferOutput<typeof checkJobSchema>;

/** Kubernetes wants names of at most 63 characters, and gives the pods of a Job some more. */
const longestName = 40;
/** Whatever becomes of us, it does not stay. */
const keptSeconds = 60;

/** The Job as it is made: under a name of its own, and so that the cluster removes it when we cannot. */
export function ownJob(
  job: CheckJob,
  { release, suffix, timeoutMs }: { release: string; suffix: string; timeoutMs: number },
): { readonly name: string; readonly object: object } {
  const given = job.metadata?.name ?? release;
  const name = `${given.slice(0, longestName).replace(/-+$/, '')}-${suffix}`;
  const marked = { 'app.kubernetes.io/managed-by': 'platform-actions' };
  const object = {
    ...job,
    metadata: {
      ...job.metadata,
      name,
      labels: { ...(job.metadata?.labels as object | undefined), ...marked },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(timeoutMs / 1000),
      ttlSecondsAfterFinished: keptSeconds,
      ...job.spec,
    },
  };
  return { name, object };
}
