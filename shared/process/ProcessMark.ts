import { readFileSync, readlinkSync } from 'node:fs';

/** What tells a process from another one that got its number later, or has it in another container. */
export interface ProcessMark {
  readonly pid: number;
  /** In clock ticks since boot: field 22 of /proc/PID/stat. */
  readonly startTime: string;
  /** The namespace in which `pid` is meant. */
  readonly namespace: string;
}

/** The mark of a process that runs, or `undefined`. */
export function markOf(pid: number): ProcessMark | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime, namespace: ourNamespace() };
}

/**
 * Whether the marked process is still there. One of another container cannot be seen from here:
 * `unknown`.
 */
export function isRunning(mark: ProcessMark): boolean | 'unknown' {
  if (mark.namespace !== ourNamespace()) return 'unknown';
  return startTimeOf(mark.pid) === mark.startTime;
}

/** In clock ticks since boot; `undefined` when there is no such process, or only its zombie. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // After the command, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function ourNamespace(): string {
  return readlinkSync('/proc/self/ns/pid');
}
