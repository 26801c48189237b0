import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { kindKey } from '../../../../../shared/helm/manifests/definedKinds.ts';
import { parseManifest } from '../../../../../shared/kube/preflight/parseManifest.ts';
import { checkFirst } from '../../checkFirst.ts';
import type { SourceInputs } from '../../inputs.ts';
import { type Cluster, openCluster } from '../../openCluster.ts';
import { planDeploy } from '../../planDeploy.ts';
import { verbAfter } from '../../renderFirst.ts';
import { respectRollback } from '../../respectRollback.ts';
import { keepPlan } from './keepPlan.ts';
import { lateKinds } from './lateKinds.ts';
import { makePlan, type Planned } from './makePlan.ts';
import { sumOf } from './planReport.ts';
import { renderFor } from './renderFor.ts';
import { tellPlan } from './tellPlan.ts';
import { whyOffline } from './whyOffline.ts';

/** Tells what a deploy would do, field by field, and what would stand in its way. Nothing is written. */
export async function runPlan(inputs: SourceInputs, runner: Runner): Promise<void> {
  const offline = await whyOffline(inputs, runner.env);
  if (offline !== undefined) {
    const { planOffline } = await import('../planOffline.ts');
    return planOffline(inputs, offline, runner);
  }
  const cluster = await openCluster(inputs, runner);
  const planned = await renderFor(await planDeploy(inputs, cluster, runner), cluster, runner);
  const [plan, refused] = await Promise.all([
    makePlan(planned, cluster, runner),
    findRefusals(inputs, planned, cluster, runner),
  ]);
  await keepPlan(plan, runner);
  const hooks = hooksOf(planned);
  await tellPlan(plan, { obstacles: refused.map(lineOf), hooks, remarks: [] }, inputs, runner);
  if (refused.length > 0) throw new AggregateError(refused, 'A deploy would fail.');
  runner.log.info(sumOf(plan));
}

/** Why a deploy would stop before the first write. */
async function findRefusals(
  { preflight, force }: SourceInputs,
  { plan, rendered, history, served }: Planned,
  cluster: Cluster,
  runner: Runner,
): Promise<readonly Failure[]> {
  const hooks = rendered.hooks.flatMap(({ manifest }) => parseManifest(manifest));
  // They follow in a second revision.
  const late = lateKinds({ plan, rendered, served });
  const now = parseManifest(rendered.manifest).filter((object) => !late.has(kindKey(object)));
  const objects = [...now, ...hooks];
  const verb = verbAfter(history);
  const found = await Promise.all([
    preflight === 'off' ? undefined : checkFirst({ objects, served }, verb, plan, cluster, runner),
    force ? undefined : respectRollback(plan, cluster, runner).catch(asFailure),
  ]);
  return found.filter((one) => one instanceof Failure);
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function hooksOf({ rendered, history }: Planned): readonly string[] {
  const verb = verbAfter(history);
  return rendered.hooks.flatMap(({ kind = '', name = '', events }) => {
    const mine = (events ?? []).filter((event) => event.endsWith(`-${verb}`));
    return mine.length === 0 ? [] : [`${kind}/${name} (${mine.join(', ')})`];
  });
}

function lineOf({ message }: Failure): string {
  return message;
}
