import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock as takeTurns } from 'proper-lockfile';
import { Failure } from '../../shared/failure/Failure.ts';
import type { Log } from '../../shared/log/Log.ts';
import { nearest } from '../../shared/text/nearest.ts';
import { actionsLock, readLock, type ToolLock } from '../../shared/tools/lock.ts';
import { provideTool } from '../../shared/tools/provideTool.ts';
import type { LabContext, Part } from './Part.ts';
import { parts } from './parts.ts';
import { withNeeds } from './withNeeds.ts';

/** Where the lab keeps its things: outside of the repository, so that every clone shares one lab. */
function folders(): Pick<LabContext, 'cacheDir' | 'stateDir' | 'logDir'> {
  const { XDG_CACHE_HOME, XDG_STATE_HOME, HOME = homedir() } = process.env;
  const stateDir = join(XDG_STATE_HOME || join(HOME, '.local', 'state'), 'platform-actions', 'lab');
  return {
    cacheDir: join(XDG_CACHE_HOME || join(HOME, '.cache'), 'platform-actions', 'lab'),
    stateDir,
    logDir: join(stateDir, 'logs'),
  };
}

const provided = new Map<string, Promise<string>>();

/** The surroundings of the lab's parts on this machine. */
export function labContext(log: Log, onProgress?: (text: string) => void): LabContext {
  const context = folders();
  for (const folder of Object.values(context)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    ...context,
    log,
    program(name) {
      const known = provided.get(name);
      if (known !== undefined) return known;
      const path = provideTool(name, {
        env: process.env,
        log,
        lock: lockOf(name),
        ...(onProgress && { onProgress }),
      }).then((tool) => tool.path);
      provided.set(name, path);
      return path;
    },
  };
}

/** The lab runs programs of the actions and some of its own. */
function lockOf(name: string): ToolLock {
  const own = readLock(join(import.meta.dirname, 'tools.lock.json'));
  return name in own.tools ? own : actionsLock();
}

/**
 * A machine on which the lab cannot work is told so before anything is started.
 *
 * @throws {Failure} on such a machine
 */
export function checkMachine(): void {
  if (process.platform === 'linux' && process.getuid?.() === 0) return;
  throw new Failure({
    what: 'The lab cannot run here.',
    why:
      process.platform === 'linux'
        ? 'Its containers, networks and mounts want root.'
        : `It runs Linux containers, and this is ${process.platform}.`,
    remedy: 'Run it as root on Linux, or inside the dev container of .devcontainer/.',
  });
}

/** @throws {Failure} that names the part that was meant */
function partsCalled(names: readonly string[]): Part[] {
  return names.map((name) => {
    const found = parts.find((part) => part.name === name);
    if (found !== undefined) return found;
    const meant = nearest(
      name,
      parts.map((part) => part.name),
    );
    throw new Failure({
      what: `${JSON.stringify(name)} is not a part of the lab.`,
      remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}There are ${parts.map((part) => part.name).join(', ')}.`,
    });
  });
}

export interface UpOptions {
  /** Told of each part as it answers. */
  readonly onReady?: (part: Part, seconds: number) => void;
}

/**
 * Starts the named parts (all, when none is named) and what they need, side by side as far as their
 * needs allow. What answers already is left alone.
 *
 * @throws {Failure} of the first part that does not come up
 */
export async function up(
  lab: LabContext,
  names: readonly string[] = [],
  { onReady }: UpOptions = {},
): Promise<void> {
  checkMachine();
  const wanted = withNeeds(names.length === 0 ? parts : partsCalled(names), parts);
  const release = await turn(lab);
  try {
    const starting = new Map<string, Promise<void>>();
    for (const part of wanted) {
      const needs = part.needs.map((need) => starting.get(need));
      starting.set(
        part.name,
        Promise.all(needs).then(async () => {
          const started = performance.now();
          await part.start(lab);
          onReady?.(part, (performance.now() - started) / 1000);
        }),
      );
      for (const program of part.programs) {
        // Built in the order in which the parts come, while the first ones already run.
        lab.program(program).catch(() => {});
      }
    }
    await Promise.all(starting.values());
  } finally {
    await release();
  }
}

/** Stops all parts, the last started first; leaves nothing behind, also after a crash. */
export async function down(lab: LabContext): Promise<void> {
  checkMachine();
  const release = await turn(lab);
  try {
    for (const part of withNeeds(parts, parts).reverse()) await part.stop(lab);
  } finally {
    await release();
  }
}

/** Which parts answer. */
export async function status(lab: LabContext): Promise<{ part: Part; answers: boolean }[]> {
  return Promise.all(parts.map(async (part) => ({ part, answers: await part.answers(lab) })));
}

/** Two commands at once take turns; the lock of one that died is taken over. */
function turn(lab: LabContext): Promise<() => Promise<void>> {
  return takeTurns(lab.cacheDir, {
    stale: 15_000,
    retries: { forever: true, minTimeout: 100, maxTimeout: 1000 },
  });
}
