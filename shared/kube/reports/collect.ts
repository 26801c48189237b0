import { Failure } from '../../failure/Failure.ts';
import type { Gap } from '../../verdict/Inspection.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import type { ClusterReport, ReportKind, ReportSource } from './ClusterReport.ts';
import { listAll } from './listAll.ts';
import { notListed } from './notListed.ts';
import { listPath, podResource } from './Resource.ts';
import type { ReadPod } from './readPod.ts';
import { reportSources } from './reportSources.ts';
import { eachOf, listPods, type Namespaces } from './runningImages.ts';

/** What could be read, and what could not. */
export interface Collected<T> {
  readonly items: readonly T[];
  readonly gaps: readonly Gap[];
}

/** The pods of the namespaces. */
export async function collectPods(
  api: Pick<KubeApi, 'get'>,
  namespaces: Namespaces,
): Promise<Collected<ReadPod>> {
  return merge(
    await Promise.all(
      eachOf(namespaces).map((namespace) =>
        listPods(api, namespace).then(
          (items) => ({ items, gaps: [] }),
          (error: unknown) => ({ items: [], gaps: [notListed(error, podResource, namespace)] }),
        ),
      ),
    ),
  );
}

/** The reports of a kind: of the namespaces, and of the cluster where all of it is asked for. */
export async function collectReports(
  api: Pick<KubeApi, 'get'>,
  kind: ReportKind,
  namespaces: Namespaces,
): Promise<Collected<ClusterReport>> {
  const [first, ...others] = reportSources[kind];
  const collected = await Promise.all(
    [first, ...others].flatMap((source) => {
      if (source === undefined) return [];
      if (source.scope === 'namespace') {
        return eachOf(namespaces).map((namespace) => collect(api, source, namespace, true));
      }
      const wanted = namespaces === 'all' || kind === 'compliance';
      return wanted ? [collect(api, source, undefined, source === first)] : [];
    }),
  );
  return merge(collected);
}

/** @param needed whether a cluster without such reports is one that was not seen */
async function collect(
  api: Pick<KubeApi, 'get'>,
  source: ReportSource,
  namespace: string | undefined,
  needed: boolean,
): Promise<Collected<ClusterReport>> {
  try {
    const read = await listAll(api, listPath(source, namespace), (object) =>
      attempt(source, object),
    );
    return {
      items: read.flatMap(({ report }) => report ?? []),
      gaps: read.flatMap(({ gap }) => gap ?? []),
    };
  } catch (error) {
    const absent = error instanceof KubeProblem && error.code === 404;
    return { items: [], gaps: absent && !needed ? [] : [notListed(error, source, namespace)] };
  }
}

function attempt(
  { read }: ReportSource,
  object: unknown,
): { readonly report?: ClusterReport; readonly gap?: Gap } {
  try {
    return { report: read(object) };
  } catch (error) {
    if (error instanceof Failure) return { gap: error };
    throw error;
  }
}

/** What is missing in each of several namespaces for the same reason is told once. */
function merge<T>(parts: readonly Collected<T>[]): Collected<T> {
  const gaps = new Map(parts.flatMap(({ gaps }) => gaps.map((gap) => [gap.what, gap] as const)));
  return { items: parts.flatMap(({ items }) => items), gaps: [...gaps.values()] };
}
