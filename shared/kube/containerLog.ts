import type { KubeApi } from './KubeApi.ts';

/** The last lines of a container's log, untrusted; '' when there is none. */
export async function containerLog(
  api: KubeApi,
  namespace: string,
  { pod, name, previous }: { pod: string; name: string; previous: boolean },
  lines = 40,
): Promise<string> {
  const read = (before: boolean) => {
    const query = new URLSearchParams({
      container: name,
      previous: String(before),
      tailLines: String(lines),
      limitBytes: String(64 * 1024),
    });
    return api.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`);
  };
  try {
    return await read(previous);
  } catch {
    // The run before may be gone already; the present one may tell as much.
    return previous ? read(false).catch(() => '') : '';
  }
}

/** The line that most likely tells why: the last that speaks of an error, else the last one. */
export function decisiveLine(log: string): string | undefined {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.findLast(
    (line) =>
      /error|exception|fatal|panic|cannot|can't|failed|denied|refused|not found|no such|read-only|invalid|unrecognized|unknown/i.test(
        line,
      ) &&
      // A frame of a stack trace names the place, not the reason.
      !/^at\s|^\s*File "/.test(line),
  );
  return telling ?? lines.at(-1);
}
