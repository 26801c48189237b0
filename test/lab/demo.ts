import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/actions.ts';
import { Failure } from '../../shared/failure/Failure.ts';
import { nearest } from '../../shared/text/nearest.ts';
import { type Break, breakComponent, breaks, expectedCause } from '../path/breakComponent.ts';
import type { WorkflowRun } from '../path/collectRun.ts';
import { type Component, components } from '../path/components.ts';
import { fetchPage } from '../path/fetchPage.ts';
import { runWorkflow } from '../path/runWorkflow.ts';
import { demoPage, type Fact } from './demoPage.ts';
import { down, labContext, up } from './lab.ts';
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
  const { component, how, keep } = readOptions();
  const started = performance.now();
  log.info(`The lab comes up for ${component.name}.`);
  const lab = labContext(log, progress);
  // Programs of the steps are built while the first parts already run.
  for (const program of ['buildx', 'trivy', 'helm', 'act']) lab.program(program).catch(() => {});
  await up(lab, needed, {
    onReady: (part, seconds) =>
      log.info(`${part.name.padEnd(24)} answers  (${seconds.toFixed(1)} s)`),
  });
  for (const program of ['buildx', 'trivy', 'helm']) await lab.program(program);

  log.info(`workflows-examples/${component.workflow} runs, as it is.`);
  const run = await runWorkflow(lab, {
    component: join(root, 'test/components', component.name),
    workflow: component.workflow,
    ...(how && { change: (folder: string) => breakComponent(folder, component, how) }),
    onLine: ({ raw_output, command, msg, step, stepResult, executionTime = 0 }) => {
      if (stepResult !== undefined && executionTime > 0) {
        log.info(`${stepResult.padEnd(8)} ${step} (${(executionTime / 1e9).toFixed(1)} s)`);
      } else if (command === 'error' || command === 'warning') log.untrusted(msg);
      else if (raw_output) progress(msg);
    },
  });
  const facts = [...factsOf(run), ...(how ? [] : await proof(lab, component, run))];
  facts.push(['Whole demo', `${((performance.now() - started) / 1000).toFixed(1)} s`]);
  report(component, how, run, facts);
  if (!keep) await down(lab);
}

function readOptions(): { component: Component; how: Break | undefined; keep: boolean } {
  const { values } = parseArgs({
    options: {
      component: { type: 'string', default: 'map-web' },
      break: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const component = components.find(({ name }) => name === values.component);
  if (component === undefined) {
    throw unknown(
      '--component',
      values.component,
      components.map(({ name }) => name),
    );
  }
  const how = breaks.find((name) => name === values.break);
  if (values.break !== undefined && how === undefined)
    throw unknown('--break', values.break, breaks);
  return { component, how, keep: values.keep };
}

function unknown(option: string, given: string, known: readonly string[]): Failure {
  const near = nearest(given, known);
  return new Failure({
    what: `${option} ${given} is not known.`,
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}There are ${known.join(', ')}.`,
  });
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
    log.info(
      `${job.padEnd(8)} ${step.padEnd(20)} ${result.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s`,
    );
  }
  log.info('');
  for (const [name, value] of facts) log.untrusted(`${name.padEnd(16)} ${value}`);
  log.info('The job summaries are in out/demo.html.');
  if (how === undefined) return;
  const first = run.errors[0]?.message ?? '';
  log.untrusted(`First annotation: ${first}`);
  if (run.exitCode === 0 || !expectedCause[how].test(first)) {
    throw new Failure({
      what: `The first annotation does not name the cause (${how}).`,
      details: run.log,
    });
  }
}
