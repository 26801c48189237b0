import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { lock as takeTurns } from 'proper-lockfile';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { type Run, run } from '../process/run.ts';
import { cacheKey } from './cacheKey.ts';
import { findOnPath } from './findOnPath.ts';
import { actionsLock, type LockedTool, type ToolLock } from './lock.ts';

export interface ToolContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Which programs there are; those of the actions by default. */
  readonly lock?: ToolLock;
  readonly run?: Run;
  /** Tells how far a download or build is, many times a second at most. */
  readonly onProgress?: (text: string) => void;
}

export interface ProvidedTool {
  readonly path: string;
  readonly version: string;
  readonly source: 'path' | 'cache' | 'download' | 'build';
  /** The folder that it needs beside it, where the lock file names one. */
  readonly data?: string | undefined;
}

/** What the two ways to get a program share. */
export interface Provision {
  readonly name: string;
  readonly tool: LockedTool;
  readonly lock: ToolLock;
  readonly context: ToolContext;
  readonly run: Run;
  /** Where the program has to end; it appears there whole or not at all. */
  readonly target: string;
}

/** A build of the largest program takes some minutes; the lock of a process that died is taken over. */
const staleLockMs = 30_000;

/**
 * Gives a pinned program: the one on the PATH if it has the pinned version, else the cached one,
 * else a download whose sum is ours, else a build from the Go module proxy.
 *
 * @throws {Failure} when a sum does not match (nothing is kept), or no way leads to the program
 */
export async function provideTool(name: string, context: ToolContext): Promise<ProvidedTool> {
  const lock = context.lock ?? actionsLock();
  const tool = lock.tools[name];
  if (tool === undefined) throw new Error(`tools.lock.json has no ${name}`);
  const { version } = tool;
  const runProgram = context.run ?? run;

  // Nobody knows where the folder of a program on the PATH lies, and of which version it is.
  const found =
    tool.data === undefined ? await findOnPath(name, tool, context.env, runProgram) : undefined;
  if (found !== undefined) return { path: found, version, source: 'path' };

  const target = join(cacheRoot(context.env), name, `${version}-${cacheKey(tool, lock)}`, name);
  const data = tool.data && join(dirname(target), tool.data);
  if (existsSync(target)) return { path: target, version, source: 'cache', data };

  await mkdir(dirname(target), { recursive: true });
  // Jobs on one machine take turns, and the second one finds what the first one made.
  const release = await takeTurns(dirname(target), {
    stale: staleLockMs,
    retries: { forever: true, minTimeout: 200, maxTimeout: 2000 },
  });
  try {
    if (existsSync(target)) return { path: target, version, source: 'cache', data };
    const provision: Provision = { name, tool, lock, context, run: runProgram, target };
    const why: string[] = [];
    // Most runs find the program in the cache and need neither.
    const { fetchTool } = await import('./fetchTool.ts');
    if (await fetchTool(provision, why)) return { path: target, version, source: 'download', data };
    const { buildTool } = await import('./buildTool.ts');
    if (await buildTool(provision, why)) return { path: target, version, source: 'build', data };
    throw new Failure({
      what: `${name} ${version} cannot be had on this machine.`,
      why: why.join(' '),
      remedy: `Install ${name} ${version} on the PATH, or Go so that it can be built.`,
    });
  } finally {
    await release();
  }
}

/** The runner's tool cache where there is one, else the user's cache. */
export function cacheRoot(env: Readonly<Record<string, string | undefined>>): string {
  const { RUNNER_TOOL_CACHE, XDG_CACHE_HOME } = env;
  if (RUNNER_TOOL_CACHE) return join(RUNNER_TOOL_CACHE, 'platform-actions');
  return join(XDG_CACHE_HOME || join(env.HOME ?? homedir(), '.cache'), 'platform-actions', 'tools');
}
