import type { Runner } from '../../../../../shared/action/Runner.ts';
import type { Revision } from '../../../../../shared/helm/Helm.ts';
import { type ReleaseRecord, readRelease } from '../../../../../shared/helm/readRelease.ts';
import { autoscaledBy } from '../../../../../shared/kube/compare/autoscaledBy.ts';
import { compareObjects } from '../../../../../shared/kube/compare/compareObjects.ts';
import type { Compared, ObjectChange } from '../../../../../shared/kube/compare/ObjectChange.ts';
import { KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import type { Served } from '../../../../../shared/kube/preflight/discover.ts';
import {
  groupOf,
  type KubeObject,
  nameOf,
} from '../../../../../shared/kube/preflight/KubeObject.ts';
import { parseManifest } from '../../../../../shared/kube/preflight/parseManifest.ts';
import { sortByKind } from '../../../../../shared/kube/preflight/sortByKind.ts';
import { digestOf } from '../../../../../shared/oci/putManifest.ts';
import type { DeployPlan } from '../../DeployPlan.ts';
import type { Cluster } from '../../openCluster.ts';
import { verbAfter } from '../../renderFirst.ts';
import type { RenderedRelease } from '../../renderRelease.ts';
import { findRemoved } from './findRemoved.ts';
import type { Plan, PlannedObject } from './Plan.ts';

/** What a plan is made of. */
export interface Planned {
  readonly plan: DeployPlan;
  readonly rendered: RenderedRelease;
  readonly history: readonly Revision[];
  readonly served: Served;
}

/**
 * Compares what a deploy would write with the cluster, object by object; nothing is written.
 *
 * @throws {Failure} when the API server does not answer
 */
export async function makePlan(
  { plan, rendered, history, served }: Planned,
  { api }: Pick<Cluster, 'api'>,
  { signal }: Pick<Runner, 'signal'>,
): Promise<Plan> {
  const { release, namespace } = plan;
  const autoscaled = await autoscaledBy(api, namespace);
  const options = { release, namespace, served, autoscaled, verb: verbAfter(history) };
  const wanted = parseManifest(rendered.manifest);
  const definitions = (plan.definitions?.files ?? []).flatMap(({ text }) => parseManifest(text));
  const own = plan.ownNamespace === undefined ? [] : parseManifest(plan.ownNamespace.text);
  const sorted = sortByKind(wanted, options);
  const before = await deployedBefore(history, plan, api);
  const [compared, applied, removed] = await Promise.all([
    compareObjects(api, sorted.known, { ...options, force: 'to show' }),
    compareObjects(api, sortByKind([...definitions, ...own], options).known, {
      ...{ ...options, force: 'always' },
    }),
    findRemoved(api, before === undefined ? [] : parseManifest(before.manifest), wanted, options),
  ]);
  signal.throwIfAborted();
  const isLeft = plan.definitions?.only === 'missing';
  const known = new Set(sorted.known.map(({ object }) => object));
  const late = wanted
    .filter((object) => !known.has(object))
    .map((object) => notTried(object, options));
  return {
    ...{ version: 1, release, namespace, revision: history.at(-1)?.revision ?? 0 },
    manifest: digestOf(rendered.manifest),
    hooks: digestOf(
      rendered.hooks
        .map(({ manifest }) => manifest)
        .toSorted()
        .join('---\n'),
    ),
    objects: [
      ...[...(isLeft ? applied.map(asLeft) : applied), ...compared].map(({ change }) => change),
      ...late,
      ...removed,
    ].map(planned),
  };
}

/** The revision from which Helm tells what left a release. */
async function deployedBefore(
  history: readonly Revision[],
  { release, namespace }: DeployPlan,
  api: Cluster['api'],
): Promise<ReleaseRecord | undefined> {
  const present = history.findLast(({ status }) => status === 'deployed') ?? history.at(-1);
  if (present === undefined) return undefined;
  return readRelease(api, { release, namespace, revision: present.revision }).catch((error) => {
    if (error instanceof KubeProblem) return undefined;
    throw error;
  });
}

/** A definition that is there already, of those of which only the missing are made. */
function asLeft({ change, ...rest }: Compared): Compared {
  const isThere = change.change !== 'added';
  return { ...rest, change: isThere ? { ...change, change: 'unchanged', fields: [] } : change };
}

/** A kind that comes with the release, or that nothing serves. */
function notTried(object: KubeObject, { namespace }: { readonly namespace: string }): ObjectChange {
  const { apiVersion, metadata } = object;
  return {
    ...{ object: nameOf(object), apiVersion, namespace: metadata.namespace ?? namespace },
    ...{ change: 'added', fields: [], seen: undefined },
    note: `The cluster does not serve ${groupOf(apiVersion) || 'its kind'} yet: it could not be tried.`,
  };
}

function planned({ namespace, note, seen, fields, ...rest }: ObjectChange): PlannedObject {
  return {
    ...rest,
    ...(namespace !== undefined && { namespace }),
    ...(note !== undefined && { note }),
    ...(seen !== undefined && { seen }),
    fields: fields.map((field) => ({ ...field })),
  };
}
