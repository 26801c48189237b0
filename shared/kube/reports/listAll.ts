import { type KubeApi, type KubeList, KubeProblem } from '../KubeApi.ts';

/** So many objects a page: a report of an image can be a megabyte. */
const pageSize = 100;
/** How often a list is begun anew because its cursor has expired. */
const beginnings = 3;

interface Page extends KubeList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/**
 * Lists all objects of a path in pages. Only what `pick` makes of each is kept.
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function listAll<T>(
  api: Pick<KubeApi, 'get'>,
  path: string,
  pick: (object: unknown) => T,
): Promise<T[]> {
  for (let beginning = 1; ; beginning++) {
    try {
      return await listOnce(api, path, pick);
    } catch (error) {
      // 410 Gone: the server has compacted what the cursor points into, so the list was a slow one.
      if (!(error instanceof KubeProblem) || error.code !== 410 || beginning === beginnings) {
        throw error;
      }
    }
  }
}

async function listOnce<T>(
  api: Pick<KubeApi, 'get'>,
  path: string,
  pick: (object: unknown) => T,
): Promise<T[]> {
  const picked: T[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (cursor !== undefined) query.set('continue', cursor);
    const { items, metadata }: Page = await api.get<Page>(`${path}?${query}`);
    for (const item of items) picked.push(pick(item));
    cursor = metadata?.continue || undefined;
  } while (cursor !== undefined);
  return picked;
}
