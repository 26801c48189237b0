import type { V1ControllerRevision } from '@kubernetes/client-node';
import { type ChangedField, changedFields } from './changedFields.ts';
import type { KubeApi, KubeList } from './KubeApi.ts';
import { revisionOf } from './readiness/deployments.ts';
import { ownedBy, type Workload } from './readiness/Workload.ts';
import type { Snapshot } from './Snapshot.ts';

/** What a change of the pods of one workload was. */
export interface Change {
  readonly object: string;
  readonly fields: readonly ChangedField[];
}

/**
 * What changed in the pods of the workloads since the revision before, by what the cluster keeps of
 * both: the ReplicaSets of a Deployment, the ControllerRevisions of the others.
 */
export async function changesOf(
  api: Pick<KubeApi, 'get'>,
  namespace: string,
  workloads: readonly Workload[],
  { replicaSets }: Snapshot,
): Promise<Change[]> {
  const byRevisions = workloads.filter(
    ({ kind }) => kind === 'StatefulSet' || kind === 'DaemonSet',
  );
  const path = `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;
  const list =
    byRevisions.length === 0 ? undefined : await api.get<KubeList>(path).catch(() => undefined);
  const revisions = (list?.items ?? []) as readonly V1ControllerRevision[];
  return workloads.flatMap(({ kind, name, uid }) => {
    const templates =
      kind === 'Deployment'
        ? inOrder(ownedBy(replicaSets, uid), revisionOf).map(({ spec }) => spec?.template)
        : inOrder(ownedBy(revisions, uid), ({ revision }) => revision).map(templateOf);
    const [before, after] = templates.slice(-2);
    if (before === undefined || after === undefined) return [];
    const fields = changedFields(plain(before), plain(after));
    return fields.length === 0 ? [] : [{ object: `${kind}/${name}`, fields }];
  });
}

function inOrder<T>(items: readonly T[], numberOf: (item: T) => number): T[] {
  return items.toSorted((a, b) => numberOf(a) - numberOf(b));
}

function templateOf({ data }: V1ControllerRevision): unknown {
  return (data as { spec?: { template?: unknown } } | undefined)?.spec?.template;
}

/** Without what the path of each field would begin with. */
function plain(template: unknown): unknown {
  const { spec, metadata } = template as {
    spec?: object;
    metadata?: { labels?: unknown; annotations?: unknown };
  };
  return { ...spec, metadata: { labels: metadata?.labels, annotations: metadata?.annotations } };
}
