import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download } from '../shared/http/download.ts';
import { httpClient } from '../shared/http/request.ts';
import { silent } from '../shared/log/Log.ts';
import { nearest } from '../shared/text/nearest.ts';
import { readLock, type ToolLock } from '../shared/tools/lock.ts';
import { root } from './actions.ts';
import { type MoveEffects, moveTool } from './moveTool.ts';

// npm run tools:update -- <tool> <version>, on a machine that reaches the releases and the module proxy.
const [name = '', version = ''] = process.argv.slice(2);
const files = ['shared/tools/tools.lock.json', 'test/lab/tools.lock.json'].map((file) =>
  join(root, file),
);
const locks = files.map((file) => ({ file, lock: readLock(file) }));
const found = locks.find(({ lock }) => name in lock.tools);
try {
  if (found === undefined) throw new Error(unknown(locks.map(({ lock }) => lock)));
  await move(found.file, found.lock);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function move(file: string, lock: ToolLock): Promise<void> {
  const tool = lock.tools[name];
  if (tool === undefined) return;
  const moved = await moveTool(tool, version, effects());
  if (moved.go) moveModule(join(lock.folder, moved.go.module), moved.go.package);
  // Read again: the text keeps what is not ours to know.
  const text = JSON.parse(readFileSync(file, 'utf8')) as { tools: Record<string, unknown> };
  text.tools[name] = moved;
  writeFileSync(file, `${JSON.stringify(text, null, 2)}\n`);
  console.log(`${name}: ${tool.version} → ${version}. Read the release notes, then run npm test.`);
}

/** The program's module moves, and Go writes the sums of everything that it is built from. */
function moveModule(folder: string, program: string): void {
  for (const args of [
    ['get', '-tool', `${program}@v${version}`],
    ['mod', 'tidy'],
  ]) {
    const { status, stderr } = spawnSync('go', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`go ${args.join(' ')} failed in ${folder}:\n${stderr}`);
  }
}

function effects(): MoveEffects {
  const { env } = process;
  const http = httpClient({ env, log: silent });
  return {
    async sum(url) {
      const folder = mkdtempSync(join(tmpdir(), 'tool-'));
      try {
        return (await download(url, join(folder, 'archive'), { env })).sha256;
      } catch (error) {
        throw new Error(`${url} cannot be had: ${error instanceof Error ? error.message : error}`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    async text(url) {
      const { status, body } = await http({ url });
      return status === 200 ? body.toString() : undefined;
    },
  };
}

function unknown(all: readonly ToolLock[]): string {
  const names = all.flatMap(({ tools }) => Object.keys(tools));
  const meant = nearest(name, names);
  return `${JSON.stringify(name)} is no program of ours.${meant ? ` Did you mean ${meant}?` : ''} There are ${names.join(', ')}.`;
}
