import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silent } from '../shared/log/Log.ts';
import { childEnvironment } from '../shared/process/childEnvironment.ts';
import { run } from '../shared/process/run.ts';
import { readLock } from '../shared/tools/lock.ts';
import { cacheRoot, provideTool } from '../shared/tools/provideTool.ts';
import { root } from './actions.ts';

/** Every workflow, ours and the ones that people copy, passes actionlint and zizmor. */
const files = ['.github/workflows', 'workflows-examples'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name)),
);
const env = childEnvironment(process.env);
let failed = false;

await check('actionlint', (await actionlint()).path, ['-no-color', ...files]);
await check('zizmor', await zizmor(), [
  '--offline',
  '--no-progress',
  '--quiet',
  '--config',
  join(root, '.github/zizmor.yml'),
  ...files,
]);
process.exitCode = failed ? 1 : 0;

async function check(name: string, program: string, args: readonly string[]): Promise<void> {
  const outcome = await run({ program, args, env, cwd: root });
  if (outcome.exitCode === 0) return;
  failed = true;
  console.error(`${name}:\n${outcome.startError ?? ''}${outcome.stdout}${outcome.stderr}`);
}

function actionlint() {
  const lock = readLock(join(root, 'test/lab/tools.lock.json'));
  return provideTool('actionlint', { env: process.env, log: silent, lock });
}

/** zizmor is a wheel, pinned by hash, in an environment of its own in the user's cache. */
async function zizmor(): Promise<string> {
  const requirements = join(root, 'scripts/zizmor/requirements.txt');
  const version = /^zizmor==(\S+)/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? '';
  const folder = join(cacheRoot(process.env), 'zizmor', version);
  const program = join(folder, 'bin', 'zizmor');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  await need('python3', ['-m', 'venv', folder]);
  await need(join(folder, 'bin', 'python'), [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
    ...['--require-hashes', '--requirement', requirements],
  ]);
  return program;
}

async function need(program: string, args: readonly string[]): Promise<void> {
  const pip = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith('PIP_')),
  );
  const outcome = await run({ program, args, env: { ...env, ...(pip as Record<string, string>) } });
  if (outcome.exitCode === 0) return;
  console.error(`${program} ${args.join(' ')}:\n${outcome.startError ?? outcome.stderr}`);
  process.exit(1);
}
