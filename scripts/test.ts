import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './actions.ts';
import { formatResults } from './formatResults.ts';
import { type JestReport, secondTries } from './JestReport.ts';

// `npm test`: everything, sweeps as a seeded sample. `unit`: what needs no lab. `full`: whole sweeps.
const started = performance.now();
const [first, ...rest] = process.argv.slice(2);
const known = first === 'unit' || first === 'full';
const [mode, filters] = known ? [first, rest] : ['all', process.argv.slice(2)];

if (mode !== 'unit') {
  const { upForTests } = await import('../test/lab/upForTests.ts');
  await upForTests();
}

const folder = mkdtempSync(join(tmpdir(), 'jest-'));
const reportFile = join(folder, 'report.json');
const figuresFile = join(folder, 'figures.txt');
writeFileSync(figuresFile, '');
const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--json',
    `--outputFile=${reportFile}`,
    // Tests wait now and then; by itself Jest leaves one processor idle.
    `--maxWorkers=${mode === 'unit' ? 3 : 2}`,
    '--selectProjects',
    ...(mode === 'unit' ? ['unit'] : ['unit', 'lab']),
    ...(filters.length > 0 ? ['--testPathPatterns', ...filters] : []),
  ],
  {
    cwd: root,
    // Jest's JSON goes to the file; what a person reads comes on standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PLATFORM_ACTIONS_FIGURES: figuresFile,
      ...(mode === 'full' && { PLATFORM_ACTIONS_FULL: '1' }),
    },
  },
);
let report: JestReport | undefined;
try {
  report = JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport;
} catch {
  console.error('Jest wrote no report.');
}
const figures = readFileSync(figuresFile, 'utf8')
  .split('\n')
  .filter((line) => line !== '');
rmSync(folder, { recursive: true });
// A developer's lab stays for the next run; a CI machine is left as it was found.
if (mode !== 'unit' && process.env.CI) {
  const { downAfterTests } = await import('../test/lab/upForTests.ts');
  await downAfterTests();
}
const broken = report?.numRuntimeErrorTestSuites ?? 1;
const failed = (report?.numFailedTests ?? 0) + broken;
if (mode === 'full' && report !== undefined) {
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const text = formatResults({
    report,
    failed,
    root,
    date: new Date().toISOString().slice(0, 10),
    commit: git.stdout.trim(),
    minutes: (performance.now() - started) / 60_000,
    figures,
  });
  writeFileSync(join(root, 'test/RESULTS.md'), text);
}
for (const name of report === undefined ? [] : secondTries(report)) {
  console.log(`passed at the second try only: ${name}`);
}
console.log(`${report?.numPassedTests ?? 0} passed, ${failed} failed`);
process.exitCode = jest.status === 0 && failed === 0 ? 0 : 1;
