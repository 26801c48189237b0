import { at, type KubeObject, listAt, nameOf, textAt } from './KubeObject.ts';

/** Where each kind has the pods that it makes. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const groups: readonly RegExp[] = [/^v1$/, /^apps\//, /^batch\//, /^extensions\//];

/** The pods that an object makes. */
export interface PodTemplate {
  readonly owner: KubeObject;
  /** `spec.template` */
  readonly path: string;
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>> | null;
    readonly annotations?: Readonly<Record<string, string>> | null;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The template from which an object makes pods; a Pod is its own. */
export function podTemplateOf(owner: KubeObject): PodTemplate | undefined {
  if (!groups.some((group) => group.test(owner.apiVersion))) return undefined;
  const path = owner.kind === 'Pod' ? [] : templates[owner.kind];
  const template = path && at(owner, ...path);
  const spec = at(template, 'spec');
  if (path === undefined || typeof spec !== 'object' || spec === null) return undefined;
  return {
    owner,
    path: path.join('.'),
    metadata: (at(template, 'metadata') ?? {}) as PodTemplate['metadata'],
    spec: spec as Record<string, unknown>,
  };
}

/** What a Pod refers to and cannot be admitted without; by the kind of what it refers to. */
export const requiredByAdmission = {
  ServiceAccount: ['serviceAccountName', 'serviceAccount'],
  PriorityClass: ['priorityClassName'],
  RuntimeClass: ['runtimeClassName'],
} as const;

/**
 * A Pod as the template's controller would make it, to be tried.
 *
 * @param absent kinds of what is not there (yet), which alone would keep every pod from being admitted:
 *   what else stands against it could not be seen
 */
export function podOf(
  { owner, metadata, spec }: PodTemplate,
  absent: readonly (keyof typeof requiredByAdmission)[] = [],
): KubeObject {
  const left = new Set<string>(absent.flatMap((kind) => [...requiredByAdmission[kind]]));
  const name = nameOf(owner).split('/').at(-1) ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name.slice(0, 50)}-`,
      ...(metadata.labels && { labels: metadata.labels }),
      ...(metadata.annotations && { annotations: metadata.annotations }),
    },
    spec: {
      ...Object.fromEntries(Object.entries(spec).filter(([key]) => !left.has(key))),
      volumes: [...listAt(spec, 'volumes'), ...claimed(owner)],
    },
  };
}

/** A StatefulSet's controller adds the claims that it makes; containers mount them by name. */
function claimed(owner: KubeObject): unknown[] {
  return listAt(owner, 'spec', 'volumeClaimTemplates').map((claim) => {
    const name = textAt(claim, 'metadata', 'name');
    return { name, persistentVolumeClaim: { claimName: `${name}-${owner.metadata.name}-0` } };
  });
}
