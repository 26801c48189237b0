import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi, KubeList } from './KubeApi.ts';

interface Identified {
  readonly metadata?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Objects that are told of even when they are gone. */
export interface Kept {
  readonly objects: Map<string, unknown>;
  readonly stays: (object: unknown) => boolean;
}

const nothing: Kept = { objects: new Map(), stays: () => false };

/** After a lost watch, so that a server that refuses is not asked in a tight loop. */
const pauseMs = 500;

/**
 * Follows one kind of objects: lists, watches from there, and begins again whenever the watch ends,
 * has expired (410 Gone) or says nothing for 30 s, since watches are known to stall silently.
 *
 * @param onChange told of all objects after each change
 * @param kept those that are still told of when they are deleted
 * @returns when `signal` aborts
 */
export async function watchKind(
  api: KubeApi,
  path: string,
  onChange: (objects: readonly unknown[]) => void,
  signal: AbortSignal,
  kept: Kept = nothing,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = await api.get<KubeList>(path);
      const objects = new Map<string, unknown>(
        list.items.map((item) => [(item as Identified).metadata?.uid ?? '', item]),
      );
      for (const [uid, object] of kept.objects) if (!objects.has(uid)) objects.set(uid, object);
      onChange([...objects.values()]);
      const onEvent = (type: string, uid: string, object: unknown) => {
        if (kept.stays(object)) kept.objects.set(uid, object);
        if (type === 'DELETED' && !kept.objects.has(uid)) objects.delete(uid);
        else objects.set(uid, object);
        onChange([...objects.values()]);
      };
      await follow(api, path, list.metadata?.resourceVersion, onEvent, signal);
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
  onEvent: (type: string, uid: string, object: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  await api.watch(
    path,
    resourceVersion,
    (type, object) => {
      if (type === 'ERROR') ended.abort();
      if (type === 'ERROR' || type === 'BOOKMARK') return;
      onEvent(type, (object as Identified).metadata?.uid ?? '', object);
    },
    AbortSignal.any([signal, ended.signal]),
  );
}
