import type { KubeApi } from '../KubeApi.ts';
import { phaseOf } from './hooks.ts';
import { type KubeObject, nameOf } from './KubeObject.ts';
import { type PodTemplate, podOf, requiredByAdmission } from './podTemplates.ts';
import type { Known } from './sortByKind.ts';
import { type Tried, tryToApply, tryToCreate } from './tryObject.ts';

type Api = Pick<KubeApi, 'attempt' | 'get'>;

export interface ReleaseName {
  readonly release: string;
  readonly namespace: string;
  /** What this deploy is to Helm. */
  readonly verb: 'install' | 'upgrade';
}

/**
 * Tries an object as Helm would make it: hooks are created, all others applied.
 *
 * @param force takes the fields that somebody else has set, to see what they would be
 */
export function tryOne(
  api: Api,
  { object, collection, namespaced }: Known,
  options: ReleaseName,
  force = false,
) {
  const trial = { name: nameOf(object), object: namespaced ? placed(object, options) : object };
  const { name } = object.metadata;
  return phaseOf(object, options.verb) !== 'release' || name === undefined
    ? tryToCreate(api, collection, trial)
    : tryToApply(
        api,
        `${collection}/${encodeURIComponent(name)}`,
        { ...trial, object: owned(trial.object, options) },
        force,
      );
}

function placed(object: KubeObject, { namespace }: ReleaseName): KubeObject {
  return {
    ...object,
    metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
  };
}

/** With the marks that Helm gives to what is its own: policies may look at them. */
function owned(object: KubeObject, { release, namespace }: ReleaseName): KubeObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...annotations,
        'meta.helm.sh/release-name': release,
        'meta.helm.sh/release-namespace': namespace,
      },
    },
  };
}

/**
 * Tries a Pod of a template, without what is not there yet: that alone would keep it out.
 *
 * @param absent as `Kind/name`
 */
export function tryPod(
  api: Api,
  template: PodTemplate,
  absent: ReadonlySet<string>,
  { namespace }: Pick<ReleaseName, 'namespace'>,
): Promise<Tried> {
  const { owner, path, spec } = template;
  const kinds = Object.keys(requiredByAdmission) as (keyof typeof requiredByAdmission)[];
  const left = kinds.filter((kind) =>
    requiredByAdmission[kind].some((key) => absent.has(`${kind}/${spec[key]}`)),
  );
  const place = owner.metadata.namespace ?? namespace;
  return tryToCreate(api, `/api/v1/namespaces/${place}/pods`, {
    name: nameOf(owner),
    object: podOf(template, left),
    template: path,
  });
}
