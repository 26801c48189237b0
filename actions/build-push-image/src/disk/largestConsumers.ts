import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import { type Run, run } from '../../../../shared/process/run.ts';

export interface Consumer {
  readonly path: string;
  readonly bytes: number;
}

export interface Consumers {
  /** The largest first; none lies in another one. */
  readonly largest: readonly Consumer[];
  /** False when the time was over before everything was counted. */
  readonly complete: boolean;
}

/** A failing step has no time to count millions of files; what was counted by then is told. */
const deadlineMs = 8000;

/** How deep folders are told apart. */
const depth = 4;

/**
 * What fills the file system on which a path lies, for the message that a disk is full.
 *
 * @param path such as the folder of BuildKit's content, or the workspace
 */
export async function largestConsumers(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  count = 6,
  runProgram: Run = run,
): Promise<Consumers> {
  const top = mountPoint(path);
  const { exitCode, endedBy, stdout } = await runProgram({
    program: 'du',
    // It tells each folder as soon as it is counted, so a part of its output is of use.
    args: ['--one-file-system', '--block-size=1', `--max-depth=${depth}`, '--', top],
    env: childEnvironment(env),
    stdout: 'machine',
    deadlineMs,
  });
  const counted = stdout.split('\n').flatMap((line) => {
    const [, bytes, folder] = /^(\d+)\t(.+)$/.exec(line) ?? [];
    return folder === undefined ? [] : [{ path: folder, bytes: Number(bytes) }];
  });
  return {
    largest: pickLargest(counted, top, count),
    complete: endedBy === 'itself' && exitCode !== undefined,
  };
}

/** A folder most of which is one folder in it tells less than that one. */
export function pickLargest(
  counted: readonly Consumer[],
  top: string,
  count: number,
): readonly Consumer[] {
  const largestChild = new Map<string, number>();
  for (const { path, bytes } of counted) {
    const parent = dirname(path);
    largestChild.set(parent, Math.max(bytes, largestChild.get(parent) ?? 0));
  }
  const picked: Consumer[] = [];
  for (const consumer of [...counted].sort((a, b) => b.bytes - a.bytes)) {
    if (picked.length === count) break;
    const { path, bytes } = consumer;
    const inside = picked.some((other) => path.startsWith(`${other.path}/`));
    if (path === top || inside || (largestChild.get(path) ?? 0) > bytes / 2) continue;
    picked.push(consumer);
  }
  return picked;
}

/** The highest folder of the path's file system. */
function mountPoint(path: string): string {
  const device = (folder: string) => statSync(folder, { throwIfNoEntry: false })?.dev;
  let folder = path;
  while (device(folder) === undefined && folder !== dirname(folder)) folder = dirname(folder);
  const own = device(folder);
  while (folder !== dirname(folder) && device(dirname(folder)) === own) folder = dirname(folder);
  return folder;
}
