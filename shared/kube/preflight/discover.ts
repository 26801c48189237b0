import { type KubeApi, KubeProblem } from '../KubeApi.ts';

export interface ServedKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Which kinds an API server serves. */
export interface Served {
  /** `undefined` when it does not serve that kind at that version. */
  kind(apiVersion: string, kind: string): ServedKind | undefined;
  /** The API versions at which it serves a kind of that name, such as `policy/v1`. */
  versionsOf(kind: string): readonly string[];
  /** As `.Capabilities.APIVersions` of Helm has them: `apps/v1` and `apps/v1/Deployment`. */
  readonly names: readonly string[];
  /** Groups whose own server does not answer: nothing is known of their kinds. */
  readonly silent: readonly string[];
}

/** What the server answers when it is asked for all groups at once (Kubernetes 1.27 and later). */
interface GroupList {
  readonly kind: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly freshness?: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope: string;
        readonly responseKind?: { readonly kind: string };
      }[];
    }[];
  }[];
}

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/**
 * Asks the API server once for all kinds that it serves.
 *
 * @returns `undefined` when it cannot tell so: it is older, or does not let us
 * @throws {Failure} when it does not answer
 */
export async function discover(api: Pick<KubeApi, 'get'>): Promise<Served | undefined> {
  const read = (path: string) => api.get<GroupList>(path, { headers: { accept } });
  try {
    const lists = await Promise.all([read('/api'), read('/apis')]);
    if (lists.some(({ kind }) => kind !== 'APIGroupDiscoveryList')) return undefined;
    return servedBy(lists);
  } catch (error) {
    if (error instanceof KubeProblem) return undefined;
    throw error;
  }
}

/** What discovery tells, in the form in which it is asked. */
export function servedBy(lists: readonly GroupList[]): Served {
  const kinds = new Map<string, ServedKind>();
  const versions = new Map<string, string[]>();
  const groups = new Set<string>();
  const silent: string[] = [];
  for (const { metadata, versions: ofGroup } of lists.flatMap(({ items }) => items ?? [])) {
    const group = metadata?.name ?? '';
    for (const { version, resources = [], freshness } of ofGroup) {
      const apiVersion = group === '' ? version : `${group}/${version}`;
      groups.add(apiVersion);
      if (freshness === 'Stale' && resources.length === 0) silent.push(group);
      for (const { resource, scope, responseKind } of resources) {
        if (responseKind === undefined) continue;
        const { kind } = responseKind;
        kinds.set(`${apiVersion}/${kind}`, {
          plural: resource,
          namespaced: scope === 'Namespaced',
        });
        versions.set(kind, [...(versions.get(kind) ?? []), apiVersion]);
      }
    }
  }
  return {
    kind: (apiVersion, kind) => kinds.get(`${apiVersion}/${kind}`),
    versionsOf: (kind) => versions.get(kind) ?? [],
    names: [...groups, ...kinds.keys()],
    silent,
  };
}
