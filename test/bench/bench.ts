import { join } from 'node:path';
import { actionNames, root } from '../../scripts/actions.ts';
import { command } from '../lab/command.ts';
import { labContext, up } from '../lab/lab.ts';
import { terminal } from '../lab/terminal.ts';
import { measureBuild } from './build.ts';
import { compareBundlers } from './bundlers.ts';
import { measureDeploy } from './deploy.ts';
import { measureGate } from './gate.ts';
import { measureHashContext } from './hashContext.ts';
import { measureJudge } from './judge.ts';
import { type Loaded, measureLoaded } from './measureLoaded.ts';
import { measureStart, peer } from './measureStart.ts';
import { median } from './median.ts';
import { Path } from './path.ts';

const { log, progress } = terminal(process.stderr);
const lab = labContext(log, progress);
const rounds = 7;

/** One figure, and what it may be. */
function show(name: string, figure: string, good: boolean, budget: string): void {
  console.log(
    `${good ? 'ok  ' : 'OVER'}  ${name.padEnd(44)} ${figure.padStart(26)}   budget ${budget}`,
  );
}
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`;

console.log('Start of each entry, without inputs, to `node -e 0`');
const starts = measureStart(process.env.BUILD_PUSH_ACTION);
for (const { name, milliseconds, ratio } of starts.filter(({ name }) => name !== peer)) {
  show(name, `${ratio.toFixed(2)} × (${milliseconds.toFixed(0)} ms)`, ratio <= 2, '≤ 2.0 ×');
}
const startOf = (name: string) => starts.find((one) => one.name === name)?.milliseconds ?? 0;
if (startOf(peer) > 0) {
  const ratio = startOf('build-push-image') / startOf(peer);
  show(`build-push-image to ${peer}`, `${ratio.toFixed(2)} ×`, ratio <= 0.5, '≤ 0.5 ×');
} else {
  console.log(
    `      ${peer} is measured beside it when BUILD_PUSH_ACTION is the folder of its clone`,
  );
}

console.log('\nSize');
const packed = await command('sh', ['-c', 'tar -cz dist | wc -c'], { cwd: join(root) });
show('dist/ as tar.gz', kilobytes(Number(packed)), Number(packed) <= 1_500_000, '≤ 1500 KB');

console.log('\ntrivy-gate');
const judged = measureJudge();
show(
  `judging, all reports of ${judged.findings} findings`,
  `${judged.busySeconds.toFixed(2)} s, ${(judged.memory / 1e6).toFixed(0)} MB`,
  judged.busySeconds <= 1.5 && judged.memory <= 512e6,
  '≤ 1.5 s, ≤ 512 MB',
);

await up(lab);
using path = new Path(lab);
const loaded: Record<string, Loaded> = {};
for (const action of actionNames()) {
  path.change();
  loaded[action] = await measureLoaded((env) => path.byActions({ [action]: env }));
}
for (const [action, { files, bytes, gzipped }] of Object.entries(loaded)) {
  show(
    `${action} loads (gzipped)`,
    `${kilobytes(gzipped)} (${kilobytes(bytes)}, ${files} files)`,
    gzipped <= 300_000,
    '≤ 300 KB',
  );
}

console.log('\nThe bundlers, without plug-ins of ours');
for (const { bundler, packed, startMs, buildMs } of await compareBundlers()) {
  console.log(
    `      ${bundler.padEnd(16)} ${kilobytes(packed)} as tar.gz, start ${startMs.toFixed(0)} ms, built in ${buildMs.toFixed(0)} ms`,
  );
}

console.log('\nbuild-push-image, on a context of 1,000 files, beside buildx in turns');
const built = await measureBuild(lab);
show(
  'build and push to `buildx build --push`',
  `${(built.action / built.buildx).toFixed(2)} × (${built.action.toFixed(2)} s, ${built.buildx.toFixed(2)} s)`,
  built.action / built.buildx <= 1.05,
  '≤ 1.05 ×',
);
show('unchanged', `${built.unchanged.toFixed(2)} s`, built.unchanged <= 1, '≤ 1 s');
const { files, bytes, bytesPerSecond, peakMemory } = await measureHashContext();
show(
  `hashing ${files} files, ${(bytes / 1e6).toFixed(0)} MB`,
  `${(bytesPerSecond / 1e6).toFixed(0)} MB/s, peak ${(peakMemory / 1e6).toFixed(0)} MB`,
  bytesPerSecond >= 400e6 && peakMemory <= 300e6,
  '≥ 400 MB/s, ≤ 300 MB',
);

console.log('\ntrivy-gate, beside trivy in turns');
path.change();
const gate = await measureGate(lab, path, await path.byActions());
show(
  'a scan to `trivy image --format json`',
  `${(gate.action / gate.trivy).toFixed(2)} × (${gate.action.toFixed(2)} s, ${gate.trivy.toFixed(2)} s)`,
  gate.action / gate.trivy <= 1.05,
  '≤ 1.05 ×',
);

console.log('\nhelm-deploy, beside `helm upgrade --install --wait` in turns, settle 0');
for (const objects of [1, 200]) {
  const { helm, action, untried, unchanged } = await measureDeploy(lab, { objects, rounds: 7 });
  const beside = (seconds: number) =>
    [`${(seconds / helm).toFixed(2)} × (${seconds.toFixed(2)} s, ${helm.toFixed(2)} s)`] as const;
  const good = (seconds: number) => seconds / helm <= 1.1;
  show(`${objects} objects`, ...beside(action), good(action), '≤ 1.10 ×');
  show(`${objects} objects, preflight off`, ...beside(untried), good(untried), '≤ 1.10 ×');
  show(`${objects} objects, unchanged`, `${unchanged.toFixed(2)} s`, unchanged <= 1.5, '≤ 1.5 s');
}

console.log(`\nFrom source to a ready pod, warm, medians of ${rounds} rounds side by side`);
await path.byTools();
const times: { actions: number[]; tools: number[] } = { actions: [], tools: [] };
for (let round = 0; round < rounds; round++) {
  for (const side of round % 2 === 0
    ? (['actions', 'tools'] as const)
    : (['tools', 'actions'] as const)) {
    path.change();
    const started = performance.now();
    await (side === 'actions' ? path.byActions() : path.byTools());
    times[side].push((performance.now() - started) / 1000);
  }
}
const [actions, tools] = [median(times.actions), median(times.tools)];
show(
  'three actions to the bare tools',
  `${(actions / tools).toFixed(2)} × (${actions.toFixed(2)} s, ${tools.toFixed(2)} s)`,
  actions / tools <= 1.1,
  '≤ 1.10 ×',
);
