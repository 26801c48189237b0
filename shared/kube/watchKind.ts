import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi, KubeList } from './KubeApi.ts';

interface Identified {
  readonly metadata?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** After a lost watch, so that a server that refuses is not asked in a tight loop. */
const pauseMs = 500;

/**
 * Follows one kind of objects: lists, watches from there, and begins again whenever the watch ends,
 * has expired (410 Gone) or says nothing for 30 s, since watches are known to stall silently.
 *
 * @param onChange told of all objects after each change
 * @returns when `signal` aborts
 */
export async function watchKind(
  api: KubeApi,
  path: string,
  onChange: (objects: readonly unknown[]) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = await api.get<KubeList>(path);
      const objects = new Map<string, unknown>(
        list.items.map((item) => [(item as Identified).metadata?.uid ?? '', item]),
      );
      onChange([...objects.values()]);
      await follow(api, path, list.metadata?.resourceVersion, objects, onChange, signal);
    } catch {
      // The server restarts, or refuses this kind; the next list tells.
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}

async function follow(
  api: KubeApi,
  path: string,
  resourceVersion: string | undefined,
  objects: Map<string, unknown>,
  onChange: (objects: readonly unknown[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  await api.watch(
    path,
    resourceVersion,
    (type, object) => {
      if (type === 'ERROR') ended.abort();
      if (type === 'ERROR' || type === 'BOOKMARK') return;
      const uid = (object as Identified).metadata?.uid ?? '';
      if (type === 'DELETED') objects.delete(uid);
      else objects.set(uid, object);
      onChange([...objects.values()]);
    },
    AbortSignal.any([signal, ended.signal]),
  );
}
