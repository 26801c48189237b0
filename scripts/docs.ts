import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionNames, readAction, repositoryName, root } from './actions.ts';
import { nameRepository, writeExamples, writeTables } from './writeTables.ts';

// `npm run docs` writes; `npm run docs -- --check` fails where something would be written.
const check = process.argv.includes('--check');
const differing: string[] = [];

function keep(file: string, write: (present: string) => string): void {
  const path = join(root, file);
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const wanted = nameRepository(write(present), repositoryName());
  if (present === wanted) return;
  differing.push(file);
  if (!check) writeFileSync(path, wanted);
}

for (const name of actionNames()) {
  keep(`actions/${name}/README.md`, (present) => writeTables(present, readAction(name)));
}
keep('README.md', (present) =>
  writeExamples(present, (file) => readFileSync(join(root, file), 'utf8')),
);
for (const name of readdirSync(join(root, 'workflows-examples'))) {
  keep(`workflows-examples/${name}`, (present) => present);
}
keep('.github/zizmor.yml', (present) =>
  present.replace(/[\w.-]+\/[\w.-]+(?=\/\*: ref-pin)/, repositoryName()),
);

if (differing.length > 0) {
  console.log(
    `${check ? 'differs from action.yml or the examples' : 'written'}: ${differing.join(', ')}`,
  );
  if (check) {
    console.error('Run `npm run docs` and commit the result.');
    process.exitCode = 1;
  }
}
