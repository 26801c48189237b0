import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './actions.ts';
import { bundle } from './bundle.ts';

// What git has of dist/ runs on every runner, so it has to be what the sources say: byte for byte. What
// lies in the folder does not count, since that is what the last `npm run build` wrote and nobody gets.
const fresh = mkdtempSync(join(tmpdir(), 'dist-'));
try {
  await bundle(join(fresh, 'dist'));
  const folder = git(root, 'rev-parse', '--absolute-git-dir').trim();
  const differing = git(
    fresh,
    ...[`--git-dir=${folder}`, `--work-tree=${fresh}`, '--no-optional-locks'],
    ...['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', 'dist'],
  )
    .split('\0')
    // The second column is the index against the fresh bundle; the first one is what is yet to commit.
    .filter((line) => line !== '' && line[1] !== ' ')
    .map((line) => line.slice(3));
  if (differing.length > 0) {
    console.error(`dist/ is not what the sources make: ${differing.join(', ')}`);
    console.error('Run `npm run build` and commit dist/.');
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr || error?.message}`);
  return stdout;
}
