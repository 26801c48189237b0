import * as v from 'valibot';

const states = {
  Queued: 'going',
  Started: 'going',
  Running: 'going',
  Succeeded: 'ended',
  Failed: 'ended',
  Canceled: 'ended',
  Error: 'ended',
  Timeout: 'ended',
} as const;

export type RunStatus = keyof typeof states;

const image = v.object({
  registry: v.nullish(v.string()),
  repository: v.nullish(v.string()),
  tag: v.nullish(v.string()),
  digest: v.nullish(v.string()),
});

const schema = v.object({
  properties: v.object({
    runId: v.pipe(v.string(), v.regex(/^[\w-]+$/)),
    /** One that we do not know yet is one that goes on. */
    status: v.fallback(v.picklist(Object.keys(states) as RunStatus[]), 'Running'),
    runType: v.nullish(v.string()),
    createTime: v.nullish(v.string()),
    startTime: v.nullish(v.string()),
    finishTime: v.nullish(v.string()),
    /** Known at the end only. */
    outputImages: v.nullish(v.array(image)),
    runErrorMessage: v.nullish(v.string()),
  }),
});

/** A run, as far as we look at it. */
export type TaskRun = v.InferOutput<typeof schema>['properties'];

/** `undefined` where it is no run. */
export function readRun(value: unknown): TaskRun | undefined {
  const result = v.safeParse(schema, value);
  return result.success ? result.output.properties : undefined;
}

export function hasEnded({ status }: TaskRun): boolean {
  return states[status] === 'ended';
}

/** Whether a run made this image, `repository:tag`. */
export function made(run: TaskRun, name: string): boolean {
  return (run.outputImages ?? []).some(({ repository, tag }) => `${repository}:${tag}` === name);
}
