import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { type ServedKind, servedKinds } from '../servedKinds.ts';

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

/** What an older server answers: its groups, each to be asked by itself. */
interface PlainGroups {
  readonly versions?: readonly string[];
  readonly groups?: readonly {
    readonly name: string;
    readonly versions: readonly { readonly groupVersion: string }[];
  }[];
}

/**
 * Asks the API server for all kinds that it serves: at once where it can tell so, else group by group.
 *
 * @returns `undefined` when it does not let us
 * @throws {Failure} when it does not answer
 */
export async function discover(api: Pick<KubeApi, 'get'>): Promise<Served | undefined> {
  const read = (path: string) => api.get<GroupList & PlainGroups>(path, { headers: { accept } });
  try {
    const lists = await Promise.all([read('/api'), read('/apis')]);
    const atOnce = lists.every(({ kind }) => kind === 'APIGroupDiscoveryList');
    return servedBy(atOnce ? lists : await oneByOne(api, lists));
  } catch (error) {
    if (error instanceof KubeProblem) return undefined;
    throw error;
  }
}

/** The same list as newer servers make, from the answers of each group and version. */
async function oneByOne(
  api: Pick<KubeApi, 'get'>,
  lists: readonly PlainGroups[],
): Promise<GroupList[]> {
  const groups = lists.flatMap(({ versions = [], groups: named = [] }) => [
    ...versions.map((version) => ['', version] as const),
    ...named.flatMap(({ name, versions: of }) =>
      of.map((one) => [name, one.groupVersion] as const),
    ),
  ]);
  const served = await servedKinds(
    api,
    groups.map(([, apiVersion]) => apiVersion),
  );
  const items = groups.map(([name, apiVersion]) => {
    const kinds = [...(served.get(apiVersion) ?? [])];
    const resources = kinds.map(([kind, { plural, namespaced }]) => ({
      ...{ resource: plural, scope: namespaced ? 'Namespaced' : 'Cluster', responseKind: { kind } },
    }));
    const version = apiVersion.split('/').at(-1) ?? '';
    // A group of which there is nothing: its own server is away.
    const freshness = kinds.length === 0 ? 'Stale' : 'Current';
    return { metadata: { name }, versions: [{ version, resources, freshness }] };
  });
  return [{ kind: 'APIGroupDiscoveryList', items }];
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
