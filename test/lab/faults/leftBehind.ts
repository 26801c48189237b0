import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process that outlived the step it belongs to. */
export interface LeftProcess {
  readonly pid: number;
  /** Its arguments, joined by spaces. */
  readonly command: string;
}

/**
 * Processes that carry `RUNNER_TRACKING_ID=<id>` in their environment (by which the runner finds a
 * job's orphans, too), or that belong to the session `session`. Zombies and ourselves do not count.
 */
export function trackedProcesses(id: string, session: number): readonly LeftProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const stat = read(pid, 'stat');
    // After the command, which may hold anything: state, parent, group, session.
    const [state, , , ofSession] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === undefined || state === '' || state === 'Z') return [];
    const environment = read(pid, 'environ').split('\0');
    if (!environment.includes(`RUNNER_TRACKING_ID=${id}`) && Number(ofSession) !== session) {
      return [];
    }
    return [{ pid, command: read(pid, 'cmdline').split('\0').join(' ').trim() }];
  });
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It has ended, or it is not ours to look at.
    return '';
  }
}

/** All files and folders below the given folders. */
export function pathsBelow(folders: readonly string[]): ReadonlySet<string> {
  return new Set(
    folders
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true }).map((path) => join(folder, String(path))),
      ),
  );
}
