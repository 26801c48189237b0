import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { list } from 'tar';
import { silent } from '../../shared/log/Log.ts';
import { buildkitAddress } from '../../test/lab/buildkit/buildkit.ts';
import { command } from '../../test/lab/command.ts';
import { labContext } from '../../test/lab/lab.ts';
import { ignoreRules } from './ignoreRules.ts';
import { listContext } from './listContext.ts';
import { readIgnoreRules } from './readIgnoreRules.ts';

const lab = labContext(silent);
const folder = mkdtempSync(join(tmpdir(), 'ignore-'));
const context = join(folder, 'context');

const files = [
  ...['a.txt', 'b.log', 'README.md', 'c++.txt', 'x(1).txt', 'a^b', 'Case.TXT', 'foobar', '[x]'],
  ...['src/main.ts', 'src/main.log', 'src/deep/er/x.ts', 'src/deep/keep.log', 'src/xfoo'],
  ...['node_modules/p/index.js', 'node_modules/p/README.md', 'src/node_modules/q.js'],
  ...['out/a/b/c', 'out/a/d', 'docs/README.md', 'docs/a b.md', '#odd', 'a$b', 'a|b', '{x}'],
];

beforeAll(async () => {
  for (const file of files) {
    mkdirSync(join(context, dirname(file)), { recursive: true });
    writeFileSync(join(context, file), file, { mode: 0o644 });
  }
  mkdirSync(join(context, 'empty'));
  symlinkSync('../nowhere', join(context, 'src/link'));
  chmodSync(join(context, 'a.txt'), 0o600);
  chmodSync(join(context, 'foobar'), 0o4755);
  chmodSync(join(context, 'docs'), 0o1777);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  await buildx(['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

async function buildx(args: readonly string[]): Promise<void> {
  await command(await lab.program('buildx'), args, {
    env: { BUILDX_CONFIG: join(folder, 'buildx') },
  });
}

/** What an image that copies its whole context holds, as `path mode`. */
async function copied(): Promise<string[]> {
  const file = join(folder, 'image.tar');
  await buildx([
    ...['build', '--builder', 'lab', '--file', join(folder, 'Dockerfile')],
    ...['--output', `type=tar,dest=${file}`, context],
  ]);
  const found: string[] = [];
  await list({
    file,
    onReadEntry: (entry) => {
      const path = entry.path.replace(/\/$/, '');
      found.push(`${path} ${((entry.mode ?? 0) & 0o7777).toString(8)}`);
    },
  });
  return found.sort();
}

describe('what a build sees of its context', () => {
  it.each([
    '',
    'src',
    '/src/',
    'src/**',
    '*',
    '*.log',
    '**/*.log',
    '**/*.log\n!src/deep/keep.log',
    '*\n!src',
    '*\n!src/deep',
    '*\n!**/README.md',
    'node_modules\n!README.md',
    '**/node_modules\n!node_modules/p',
    '**\n!out/a/d',
    '!src\nsrc',
    'out/*/b\n!out/a/b/c',
    '# src\n #odd\n\n  a.txt  \n',
    'CASE.txt\nreadme.md',
    'c++.txt\nx(1).txt\na^b\na$b\na|b\n{x}',
    'x([0-9]).txt\n[a-b].*',
    '[^a].log\n\\[x]',
    '**foo\n**bar',
    '**/foo',
    'docs/a b.md',
    '.\n./\n/',
    './src/../out/',
    'src/?ain.*',
    'out/**/c\n**/deep/**',
    '! docs \n*\n!  docs/README.md',
    '\uFEFFsrc',
    'src\r\nout\r\n',
    'empty',
    'src/link',
    '*/*\n!out',
    '**/er\n!./src/deep/er/x.ts',
    '*\n!./src/deep/',
    '*\n!src/../docs',
    'out\n!out/a',
    'out/a\n!out',
    '*/*\n!out/a/d',
    '**/*.md\n!docs\nsrc/**/*.ts\n!src/deep',
    'src/**/x*\n!**/er/*',
    'a|b\n!*',
    'docs/**/*\n!docs/README.md',
  ])(
    '%j',
    async (rules) => {
      writeFileSync(join(context, '.dockerignore'), rules);
      const listed = await listContext(context, ignoreRules(rules));
      expect(listed.map(({ path, mode }) => `${path} ${mode.toString(8)}`).sort()).toEqual(
        await copied(),
      );
    },
    60_000,
  );

  it.each<[string, string, string]>([
    ["the Dockerfile's own rules come first", 'docs', 'src'],
    ['even when they are none', '', 'src'],
  ])(
    '%s',
    async (_name, own, rules) => {
      const dockerfile = join(folder, 'Dockerfile');
      writeFileSync(join(context, '.dockerignore'), rules);
      writeFileSync(`${dockerfile}.dockerignore`, own);
      const listed = await listContext(context, await readIgnoreRules(context, dockerfile));
      const image = await copied();
      rmSync(`${dockerfile}.dockerignore`);
      expect(listed.map(({ path, mode }) => `${path} ${mode.toString(8)}`).sort()).toEqual(image);
    },
    60_000,
  );
});
