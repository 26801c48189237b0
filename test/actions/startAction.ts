import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAction, root } from '../../scripts/actions.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** What a person and the next step see of one step. */
export interface StepResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All that was printed, workflow commands included. */
  readonly log: string;
  readonly annotations: readonly Annotation[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly masks: readonly string[];
  readonly durationMs: number;
}

export interface StepOptions {
  /** What stands under `with:`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Replaces the defaults of a runner, or adds to them. */
  readonly env?: Readonly<Record<string, string>>;
  /** The step's working folder, `GITHUB_WORKSPACE`. */
  readonly workspace?: string;
  readonly entry?: 'main' | 'post';
  readonly state?: Readonly<Record<string, string>>;
  /** Called with the running step, to send it a signal. */
  readonly onStart?: (child: ChildProcess) => void;
  readonly onOutput?: (text: string, child: ChildProcess) => void;
}

/** What a step may see of the machine it runs on; the rest of our own environment stays outside. */
const passed = [
  'PATH',
  'HOME',
  'LANG',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'GOPROXY',
  'GOFLAGS',
  'XDG_CACHE_HOME',
];

/** A step as the runner would start it. */
export interface PreparedStep {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Of the step's own: its command files, and RUNNER_TEMP unless the test has one. */
  readonly folder: string;
  readonly files: { readonly output: string; readonly state: string; readonly summary: string };
}

/**
 * Prepares the built bundle of an action as GitHub's runner does: defaults of action.yml applied,
 * inputs as `INPUT_*`, command files for outputs, state and summary.
 */
export function prepareStep(action: string, options: StepOptions = {}): PreparedStep {
  const metadata = readAction(action);
  const folder = mkdtempSync(join(tmpdir(), 'step-'));
  const file = (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  const files = { output: file('output'), state: file('state'), summary: file('summary') };
  const runnerTemp = mkdtempSync(join(folder, 'temp-'));
  const workspace = options.workspace ?? mkdtempSync(join(folder, 'workspace-'));
  const entry = metadata.runs[options.entry ?? 'main'];
  if (entry === undefined) throw new Error(`${action} has no ${options.entry} step`);
  const seen = passed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    program: process.execPath,
    args: [join(root, 'actions', action, entry)],
    cwd: workspace,
    ...{ folder, files },
    env: {
      ...Object.fromEntries(seen),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_RUN_ID: '1',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_OUTPUT: files.output,
      GITHUB_STATE: files.state,
      GITHUB_STEP_SUMMARY: files.summary,
      RUNNER_TEMP: runnerTemp,
      ...inputVariables(metadata.inputs ?? {}, options.inputs ?? {}),
      ...Object.fromEntries(
        Object.entries(options.state ?? {}).map(([name, value]) => [`STATE_${name}`, value]),
      ),
      ...options.env,
    },
  };
}

/** Starts a prepared step, and tells what it did; its folder goes. */
export async function startAction(action: string, options: StepOptions = {}): Promise<StepResult> {
  const { program, args, env, cwd, folder, files } = prepareStep(action, options);
  const started = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env });
  options.onStart?.(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      options.onOutput?.(text, child);
    });
  }
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (code, by) => resolve([code, by])),
  );
  const commands = readCommands(log);
  const result = {
    exitCode,
    signal,
    log,
    annotations: commands.annotations,
    masks: commands.masks,
    outputs: readCommandFile(readFileSync(files.output, 'utf8')),
    state: readCommandFile(readFileSync(files.state, 'utf8')),
    summary: readFileSync(files.summary, 'utf8'),
    durationMs: performance.now() - started,
  };
  rmSync(folder, { recursive: true, force: true });
  return result;
}

function inputVariables(
  declared: Readonly<Record<string, { readonly default?: unknown }>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  // The runner evaluates these; here a job has no token unless a test gives one.
  const defaults = Object.entries(declared).flatMap(([name, { default: value }]) =>
    value === undefined || /^\$\{\{.*\}\}$/.test(String(value))
      ? []
      : [[name, String(value)] as const],
  );
  return Object.fromEntries(
    [...defaults, ...Object.entries(given)].map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

/** Reads `name<<delimiter … delimiter` entries (GitHub's command files). */
function readCommandFile(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(
    /^([^\n=]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm,
  )) {
    entries[name] = value;
  }
  return entries;
}

/** Reads what the runner would take as commands, `::stop-commands::` honoured. */
function readCommands(log: string): { annotations: Annotation[]; masks: string[] } {
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  let stopped: string | undefined;
  for (const line of log.split(/\r?\n|\r/)) {
    const [, name = '', parameters = '', data = ''] =
      /^\s*::([\w-]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
    } else if (name === 'stop-commands') stopped = data;
    else if (name === 'add-mask') masks.push(decode(data));
    else if (name === 'error' || name === 'warning' || name === 'notice') {
      const properties = parameters.split(',').map((pair) => pair.split('=') as [string, string]);
      annotations.push({
        level: name,
        message: decode(data),
        properties: Object.fromEntries(properties.filter(([key]) => key !== '')),
      });
    }
  }
  return { annotations, masks };
}

function decode(data: string): string {
  return data
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
