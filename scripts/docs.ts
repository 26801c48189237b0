import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionNames, readAction, repositoryName, root } from './actions.ts';
import { writeTables } from './writeTables.ts';

// `npm run docs` writes; `npm run docs -- --check` fails where something would be written.
const check = process.argv.includes('--check');
const differing: string[] = [];

for (const name of actionNames()) {
  const path = join(root, 'actions', name, 'README.md');
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const wanted = writeTables(present, readAction(name), repositoryName());
  if (present === wanted) continue;
  differing.push(`actions/${name}/README.md`);
  if (!check) writeFileSync(path, wanted);
}

if (differing.length > 0) {
  console.log(`${check ? 'differs from action.yml' : 'written'}: ${differing.join(', ')}`);
  if (check) {
    console.error('Run `npm run docs` and commit the result.');
    process.exitCode = 1;
  }
}
