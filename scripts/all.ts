import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './actions.ts';

/** Everything that needs no lab, in the order in which a mistake is cheapest to find. */
const steps: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format', bin('biome'), 'format'],
  ['lint', bin('biome'), 'lint', '--error-on-warnings'],
  ['types', bin('tsc'), '--noEmit'],
  ['unit tests', process.execPath, join(root, 'scripts/test.ts'), 'unit'],
  ['dist', process.execPath, join(root, 'scripts/checkDist.ts')],
  ['build', process.execPath, join(root, 'scripts/build.ts')],
  ['docs', process.execPath, join(root, 'scripts/docs.ts'), '--check'],
  ['workflows', process.execPath, join(root, 'scripts/checkWorkflows.ts')],
];

let failed = 0;
for (const [name, program = '', ...args] of steps) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const good = status === 0;
  const count = /^(\d+ passed), /m.exec(stdout)?.[1];
  console.log(
    `${good ? 'ok  ' : 'FAIL'}  ${name.padEnd(12)} ${seconds.padStart(6)} s${count ? `  ${count}` : ''}`,
  );
  if (!good) {
    failed++;
    console.log(`${stdout}${stderr}`.trimEnd().replace(/^/gm, '      '));
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function bin(name: string): string {
  return join(root, 'node_modules', '.bin', name);
}
