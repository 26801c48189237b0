import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { childEnvironment } from '../process/childEnvironment.ts';
import type { Run } from '../process/run.ts';
import type { LockedTool } from './lock.ts';

/** A program that does not print its version within this time is not the one we look for. */
const versionDeadlineMs = 10_000;

/** The path of the program on the PATH if it has exactly the pinned version. */
export async function findOnPath(
  name: string,
  tool: LockedTool,
  env: Readonly<Record<string, string | undefined>>,
  run: Run,
): Promise<string | undefined> {
  const path = await which(name, env.PATH ?? '');
  if (path === undefined) return undefined;
  const { stdout, stderr } = await run({
    program: path,
    args: tool.versionArgs,
    env: childEnvironment(env),
    deadlineMs: versionDeadlineMs,
  });
  const printed = new RegExp(tool.versionPattern).exec(`${stdout}\n${stderr}`)?.[1];
  return printed === tool.version ? path : undefined;
}

/** The first file of that name on the PATH that may be executed. */
export async function which(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return undefined;
}
