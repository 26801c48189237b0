import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryName, root } from '../../scripts/actions.ts';
import { cacheRoot } from '../../shared/tools/provideTool.ts';
import { addresses } from '../lab/addresses.ts';
import { buildkitAddress } from '../lab/buildkit/buildkit.ts';
import { adminKubeconfig } from '../lab/cluster/kubeconfig.ts';
import { command } from '../lab/command.ts';
import type { LabContext } from '../lab/Part.ts';
import { trivyDbRepository } from '../lab/trivy-db/trivyDb.ts';
import { type ActLine, collectRun, type WorkflowRun } from './collectRun.ts';
import { plannedSteps } from './plannedSteps.ts';

export interface WorkflowOptions {
  /** A folder with the component's files; it is copied into a repository of its own. */
  readonly component: string;
  /** The file of workflows-examples/ that the repository gets, as it is. */
  readonly workflow: string;
  /** Variables of the repository besides those that all examples have. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Secrets of the repository besides the kubeconfig that all examples have. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What its steps find in their environment besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the copy before it is committed. */
  readonly change?: (folder: string) => void;
  /** Each line of the run as it comes. */
  readonly onLine?: (line: ActLine) => void;
}

/**
 * Makes a git repository of a component, with an example workflow as it is, and runs the workflow
 * through act; `uses:` of our own actions leads to this checkout.
 */
export async function runWorkflow(lab: LabContext, options: WorkflowOptions): Promise<WorkflowRun> {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-'));
  try {
    const repository = join(folder, 'repository');
    cpSync(options.component, repository, { recursive: true });
    options.change?.(repository);
    const workflow = join(repository, '.github', 'workflows', options.workflow);
    mkdirSync(dirname(workflow), { recursive: true });
    cpSync(join(root, 'workflows-examples', options.workflow), workflow);
    await commit(repository);

    const act = await lab.program('act');
    const child = spawn(act, await actArguments(folder, workflow, lab, options), {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_CACHE_HOME: toolCache(folder, lab) },
    });
    const lines: ActLine[] = [];
    let rest = '';
    child.stderr.on('data', (chunk) => {
      rest += String(chunk);
    });
    for await (const text of createInterface({ input: child.stdout })) {
      const line = parseLine(text);
      if (line === undefined) continue;
      lines.push(line);
      options.onLine?.(line);
    }
    const exitCode =
      child.exitCode ?? (await new Promise<number>((resolve) => child.on('close', resolve)));
    return collectRun(lines, exitCode, rest, plannedSteps(readFileSync(workflow, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function commit(repository: string): Promise<void> {
  const git = (...args: string[]) =>
    command('git', ['-c', 'user.name=demo', '-c', 'user.email=demo@example.invalid', ...args], {
      cwd: repository,
    });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'The component');
}

async function actArguments(
  folder: string,
  workflow: string,
  lab: LabContext,
  { variables = {}, secrets: more = {}, env = {} }: WorkflowOptions,
): Promise<string[]> {
  const secrets = join(folder, 'secrets');
  const kubeconfig = readFileSync(adminKubeconfig(lab)).toString('base64');
  const all = Object.entries({ KUBECONFIG: kubeconfig, ...more });
  // Quoted, a secret may have several lines.
  const content = all.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join('');
  writeFileSync(secrets, content, { mode: 0o600 });
  return [
    'push',
    '--json',
    ...['--workflows', workflow],
    ...['--platform', 'ubuntu-latest=-self-hosted'],
    ...['--platform', 'ubuntu-24.04-arm=-self-hosted'],
    ...['--local-repository', `${repositoryName()}@v1=${await checkout(folder)}`],
    ...['--var', `REGISTRY=${addresses.registry}`],
    ...['--var', `TRIVY_DB=${trivyDbRepository}`],
    ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...['--secret-file', secrets],
    ...['--env', `BUILDKIT_HOST=${buildkitAddress(lab)}`],
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

/** This checkout as the runner would get it: what git tracks, without node_modules. */
async function checkout(folder: string): Promise<string> {
  const target = join(folder, 'platform-actions');
  const files = await command(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
    },
  );
  for (const file of files.split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue;
    cpSync(join(root, file), join(target, file));
  }
  return target;
}

/** act has a tool cache of its own in this folder; ours is laid into it, so that nothing is built again. */
function toolCache(folder: string, lab: LabContext): string {
  const cache = join(folder, 'cache');
  const tools = join(cache, 'act', 'tool_cache');
  mkdirSync(tools, { recursive: true });
  symlinkSync(cacheRoot(process.env), join(tools, 'platform-actions'));
  lab.log.debug(`act's caches are in ${cache}`);
  return cache;
}

function parseLine(text: string): ActLine | undefined {
  try {
    return JSON.parse(text) as ActLine;
  } catch {
    return undefined;
  }
}
