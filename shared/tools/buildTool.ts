import { chmod, cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import { childEnvironment } from '../process/childEnvironment.ts';
import { which } from './findOnPath.ts';
import type { Provision, ToolContext } from './provideTool.ts';
import { replace } from './replace.ts';

/** What decides where Go takes modules from, whom it trusts, and where it keeps its caches. */
const goVariables = [
  'GOPATH',
  'GOROOT',
  'GOCACHE',
  'GOMODCACHE',
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOTOOLCHAIN',
] as const;

/** One compiler at a time: two large builds side by side take longer than one after the other. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Builds the program from the Go module proxy. The module's go.sum, which is committed, pins every
 * source file; Go refuses what differs.
 *
 * @returns false when the program is not a Go program or there is no Go here; why is added to `why`
 * @throws {Failure} when the build fails
 */
export async function buildTool(provision: Provision, why: string[]): Promise<boolean> {
  const go = await which('go', provision.context.env.PATH ?? '');
  if (provision.tool.go === undefined) {
    why.push('It cannot be built from a Go module.');
    return false;
  }
  if (go === undefined) {
    why.push('There is no Go on the PATH to build it.');
    return false;
  }
  const turn = queue.then(() => build(provision, go));
  queue = turn.catch(() => {});
  await turn;
  return true;
}

async function build({ name, tool, lock, context, run, target }: Provision, go: string) {
  const recipe = tool.go;
  if (recipe === undefined) return;
  const folder = await mkdtemp(join(dirname(target), '.build-'));
  const started = performance.now();
  let compiled = 0;
  context.log.info(
    `${name} ${tool.version}: building it from source (about ${recipe.minutes} min the first time)`,
  );
  try {
    const program = join(folder, name);
    const outcome = await run({
      program: go,
      args: [
        'build',
        '-v',
        '-trimpath',
        '-mod=readonly',
        '-buildvcs=false',
        '-ldflags',
        `-s -w ${recipe.ldflags ?? ''}`.trim(),
        '-o',
        program,
        recipe.package,
      ],
      cwd: join(lock.folder, recipe.module),
      env: { ...goEnvironment(context.env), CGO_ENABLED: '0', ...recipe.env },
      signal: context.signal,
      onLine: (line) => {
        // `go build -v` names each package as it is compiled, and each module as it is downloaded.
        if (!line.startsWith('go: ')) compiled++;
        context.onProgress?.(`${name} ${tool.version}: ${compiled} packages compiled, now ${line}`);
      },
    });
    context.signal?.throwIfAborted();
    if (outcome.exitCode !== 0) {
      throw new Failure({
        what: `${name} ${tool.version} could not be built from source.`,
        why: outcome.startError ?? lastLine(outcome.stderr),
        remedy: `Install ${name} ${tool.version} on the PATH, or make the Go module proxy reachable.`,
        details: outcome.stderr,
      });
    }
    if (tool.data !== undefined)
      await copyData({ name, tool, lock, context, run, target }, go, folder);
    await rename(program, target);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    context.log.info(`${name} ${tool.version}: built in ${seconds} s`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Go keeps modules read-only; what is copied of one can be removed again like all else of the cache. */
async function copyData({ tool, lock, context, run, target }: Provision, go: string, to: string) {
  const { data = '', go: recipe } = tool;
  const { stdout } = await run({
    program: go,
    args: ['list', '-m', '-f', '{{.Dir}}', recipe?.source ?? ''],
    cwd: join(lock.folder, recipe?.module ?? ''),
    env: goEnvironment(context.env),
    signal: context.signal,
  });
  const copy = join(to, data);
  await cp(join(stdout.trim(), data), copy, { recursive: true });
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  await chmod(copy, 0o755);
  await replace(copy, join(dirname(target), data));
}

function goEnvironment(env: ToolContext['env']): Record<string, string> {
  return childEnvironment(
    env,
    Object.fromEntries(goVariables.map((variable) => [variable, env[variable]])),
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
