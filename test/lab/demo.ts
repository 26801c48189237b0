import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/actions.ts';
import { Failure } from '../../shared/failure/Failure.ts';
import { type Break, breakComponent, expectedCause } from '../path/breakComponent.ts';
import { type ActLine, shortName, type WorkflowRun } from '../path/collectRun.ts';
import type { Component } from '../path/components.ts';
import { fetchPage } from '../path/fetchPage.ts';
import { runWorkflow } from '../path/runWorkflow.ts';
import { type Options, readDemoOptions } from './demoOptions.ts';
import { demoPage, type Fact } from './demoPage.ts';
import { checkMachine, down, labContext, up } from './lab.ts';
import type { LabContext } from './Part.ts';
import { terminal } from './terminal.ts';

/** What the path needs; nothing else is built for the demo. */
const needed = [
  'base-images',
  'trivy-db',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
];

const { log, progress } = terminal();
try {
  await demo();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  log.error(error.message);
  if (error.details !== undefined) log.untrusted(error.details);
  process.exitCode = 1;
}

/** A component goes from source to a running pod, by its workflow as it is. */
async function demo(): Promise<void> {
  const options = readDemoOptions(process.argv.slice(2));
  checkMachine();
  const lab = labContext(log, progress);
  try {
    await bringUp(lab, options.component);
    await show(lab, options);
  } finally {
    if (!options.keep) await down(lab);
  }
}

async function bringUp(lab: LabContext, component: Component): Promise<void> {
  log.info(`The lab comes up for ${component.name}.`);
  // Programs of the steps are built while the first parts already run.
  for (const program of ['buildx', 'trivy', 'helm', 'act']) lab.program(program).catch(() => {});
  await up(lab, needed, {
    onReady: (part, seconds) =>
      log.info(`${part.name.padEnd(24)} answers  (${seconds.toFixed(1)} s)`),
  });
  for (const program of ['buildx', 'trivy', 'helm']) await lab.program(program);
}

/**
 * Runs the workflow and reports, whatever came of it.
 *
 * @throws {Failure} when the run was not what it had to be
 */
async function show(lab: LabContext, { component, how }: Options): Promise<void> {
  log.info(`workflows-examples/${component.workflow} runs, as it is.`);
  const run = await runWorkflow(lab, {
    component: join(root, 'test/components', component.name),
    workflow: component.workflow,
    ...(how && { change: (folder: string) => breakComponent(folder, component, how) }),
    onLine: tell,
  });
  const facts = factsOf(run);
  const failure = await judge(lab, component, how, run, facts);
  if (failure !== undefined) facts.push(['Failed', failure.message]);
  facts.push(['Whole demo', `${(performance.now() / 1000).toFixed(1)} s`]);
  report(component, how, run, facts);
  if (failure !== undefined) throw failure;
}

function tell({ raw_output, command, arg, msg, step = '', stage, ...line }: ActLine): void {
  const { stepResult, executionTime = 0 } = line;
  if (stepResult !== undefined && executionTime > 0) {
    const name = stage === 'Main' ? shortName(step) : `${shortName(step)} (${stage})`;
    log.info(`${stepResult.padEnd(8)} ${name} (${(executionTime / 1e9).toFixed(1)} s)`);
  } else if (command === 'error' || command === 'warning') {
    log.untrusted(`${command}: ${arg ?? msg.trim()}`);
  } else if (raw_output) progress(msg);
}

/** What of the run was not what it had to be; a good run's page is added to the facts. */
async function judge(
  lab: LabContext,
  component: Component,
  how: Break | undefined,
  run: WorkflowRun,
  facts: Fact[],
): Promise<Failure | undefined> {
  try {
    if (how === undefined) facts.push(...(await proof(lab, component, run)));
    else provesCause(how, run);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function factsOf(run: WorkflowRun): Fact[] {
  const names: readonly Fact[] = [
    ['Digest', 'build-push-image digest'],
    ['Verdict', 'trivy-gate verdict'],
    ['Findings', 'trivy-gate findings'],
    ['Release status', 'helm-deploy status'],
    ['Revision', 'helm-deploy revision'],
  ];
  return names.flatMap(([name, key]): Fact[] => {
    const value = run.outputs[key];
    return value === undefined ? [] : [[name, value]];
  });
}

/**
 * The page from the running pod.
 *
 * @throws {Failure} when the workflow failed, or the page is not the component's
 */
async function proof(lab: LabContext, component: Component, run: WorkflowRun): Promise<Fact[]> {
  if (run.exitCode !== 0) {
    throw new Failure({
      what: 'The workflow failed.',
      why: run.errors[0]?.message ?? run.actSaid.trim().split('\n').at(-1),
      remedy: 'The whole log is in the details.',
      details: run.log,
    });
  }
  const page = await fetchPage(lab, component.name, component.name);
  if (page.status !== 200 || !component.page.test(page.body)) {
    throw new Failure({
      what: `${page.address} answered ${page.status}, and not with the page of ${component.name}.`,
      details: page.body,
    });
  }
  return [
    ['Address', page.address],
    [
      'Page',
      `${page.status}, ${page.body.length} characters: ${/<title>(.*)<\/title>/.exec(page.body)?.[1]}`,
    ],
  ];
}

/** @throws {Failure} when a broken component did not fail by its true cause */
function provesCause(how: Break, run: WorkflowRun): void {
  const first = run.errors[0]?.message ?? '';
  if (run.exitCode !== 0 && expectedCause[how].test(first)) return;
  throw new Failure({
    what: `The first annotation does not name the cause (${how}).`,
    remedy: 'The whole log is in the details.',
    details: run.log,
  });
}

function report(
  component: Component,
  how: Break | undefined,
  run: WorkflowRun,
  facts: readonly Fact[],
): void {
  const title = how
    ? `${component.name}, broken on purpose: ${how}`
    : `${component.name}: from source to a running pod`;
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, 'out', 'demo.html'), demoPage(title, run, facts));
  log.info('');
  for (const { job, step, result, seconds } of run.steps) {
    const time = result === 'skipped' ? '' : `${seconds.toFixed(1).padStart(6)} s`;
    log.untrusted(`${job.padEnd(8)} ${step.padEnd(20)} ${result.padEnd(8)} ${time}`.trimEnd());
  }
  log.info('');
  for (const [name, value] of facts) log.untrusted(`${name.padEnd(16)} ${value}`);
  log.info('The job summaries are in out/demo.html.');
}
