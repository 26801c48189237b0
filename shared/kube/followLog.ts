import type { V1Pod } from '@kubernetes/client-node';
import type { Log } from '../log/Log.ts';
import type { KubeApi } from './KubeApi.ts';

/** What the containers of one pod say; untrusted. */
export interface PodLog {
  /** Begins to read those that run now. */
  look(pod: V1Pod): void;
  /** When all that began have ended. */
  readonly end: Promise<void>;
  /** The last lines of one container, or of the last that said something. */
  linesOf(container: string | undefined): readonly string[];
  text(): string;
}

const mostLines = 500;
/** A program may work for long without a word. */
const quietMs = 3_600_000;

/**
 * Follows the log of a pod while it is there, shows it line by line, and keeps the end of it.
 *
 * @param chain how the pod is named where its lines are shown
 */
export function followLog(
  api: Pick<KubeApi, 'follow'>,
  namespace: string,
  {
    chain,
    log,
    signal,
  }: { readonly chain: string; readonly log: Log; readonly signal: AbortSignal },
): PodLog {
  const lines = new Map<string, string[]>();
  const streams: Promise<void>[] = [];
  const follow = async (pod: string, container: string, into: string[]) => {
    const query = new URLSearchParams({ container, follow: 'true' });
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`;
    const onLine = (line: string) => {
      log.untrusted(`${chain} → ${container}: ${line}`);
      into.push(line);
      if (into.length > mostLines) into.shift();
    };
    // Where it is cut, what was read stays.
    await api.follow(path, onLine, { quietMs, signal }).catch(() => {});
  };
  return {
    look({ metadata, status }) {
      const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
      for (const { name, state } of all) {
        const hasBegun = state?.running !== undefined || state?.terminated !== undefined;
        if (!hasBegun || lines.has(name)) continue;
        const into: string[] = [];
        lines.set(name, into);
        streams.push(follow(metadata?.name ?? '', name, into));
      }
    },
    get end() {
      return Promise.all(streams).then(() => {});
    },
    linesOf(container) {
      const own = container === undefined ? undefined : lines.get(container);
      return own ?? [...lines.values()].findLast((all) => all.length > 0) ?? [];
    },
    text() {
      return [...lines]
        .filter(([, all]) => all.length > 0)
        .map(([name, all]) => `${chain} → ${name}:\n${all.join('\n')}`)
        .join('\n');
    },
  };
}
