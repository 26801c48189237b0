import { setTimeout as sleep } from 'node:timers/promises';
import { type KubeApi, KubeProblem } from './KubeApi.ts';

/** Where the objects of a kind are. */
export interface ServedKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

interface Resources {
  readonly resources?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespaced: boolean;
  }[];
}

/**
 * Asks the API server which kinds it serves at certain versions; `discover` asks for all.
 *
 * @param apiVersions such as `v1` and `apps/v1`
 * @returns by API version, its kinds and where they are
 * @throws {KubeProblem} when the server refuses to tell; {@link Failure} when it does not answer
 */
export async function servedKinds(
  api: Pick<KubeApi, 'get'>,
  apiVersions: Iterable<string>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, ServedKind>>> {
  const asked = [...new Set(apiVersions)].map(async (apiVersion) => {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources = [] } = await api.get<Resources>(path).catch((error: unknown): Resources => {
      // An extension's server that is away answers 503; Helm would not find its kinds either.
      if (error instanceof KubeProblem && (error.code === 404 || error.code === 503)) return {};
      throw error;
    });
    const kinds = resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }] as const);
    return [apiVersion, new Map(kinds)] as const;
  });
  return new Map(await Promise.all(asked));
}

/** A kind by its API version. */
interface KindOf {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Waits until the API server serves all these kinds, which is some moment after their definitions
 * were written.
 *
 * @returns those that it does not serve when the time is over
 */
export async function awaitServed<T extends KindOf>(
  api: Pick<KubeApi, 'get'>,
  kinds: readonly T[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<readonly T[]> {
  const until = performance.now() + timeoutMs;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 1.5, 2000)) {
    const served = await servedKinds(
      api,
      kinds.map(({ apiVersion }) => apiVersion),
    );
    const missing = kinds.filter(({ apiVersion, kind }) => !served.get(apiVersion)?.has(kind));
    const leftMs = until - performance.now();
    if (missing.length === 0 || leftMs <= 0) return missing;
    await sleep(Math.min(waitMs, leftMs), undefined, { signal });
  }
}
