import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import type { DeployPlan } from '../../DeployPlan.ts';
import type { Cluster } from '../../openCluster.ts';
import { comparePlans } from './comparePlans.ts';
import { keepsTo } from './keepsTo.ts';
import { makePlan } from './makePlan.ts';
import { type Plan, planSchema } from './Plan.ts';
import { renderFor } from './renderFor.ts';

/**
 * Compares a saved plan with what this deploy would write, and with the cluster as it is now.
 *
 * @returns the revision of which the plan is
 * @throws {Failure} that names what has moved since
 */
export async function checkPlanFile(
  path: string,
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<number | undefined> {
  const saved = await readPlan(path);
  const planned = await renderFor(plan, cluster, runner);
  if (await keepsTo(saved, planned, cluster)) {
    runner.log.info(
      `The saved plan is deployed already: revision ${saved.revision + 1} on has it.`,
    );
    return undefined;
  }
  const now = await makePlan(planned, cluster, runner);
  const moved = comparePlans(saved, now);
  if (moved.length === 0) {
    runner.log.info(`The saved plan holds: ${saved.objects.length} objects are as they were.`);
    return saved.revision;
  }
  const [first, ...rest] = moved;
  throw new Failure({
    what: `Input plan-file: ${first}.`,
    why: `${rest.length === 0 ? '' : `Also: ${rest.slice(0, 5).join('; ')}${rest.length > 5 ? `; and ${rest.length - 5} more` : ''}. `}Nothing was changed.`,
    remedy: 'Make a new plan, and look at it.',
    details: moved.length > 1 ? moved.join('\n') : undefined,
  });
}

async function readPlan(path: string): Promise<Plan> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new Failure({
      what: 'Input plan-file: it cannot be read.',
      remedy:
        'Give output `plan` of a step with `mode: plan`; from another job it comes as an artifact.',
    });
  }
  try {
    return v.parse(planSchema, JSON.parse(text));
  } catch (cause) {
    throw new Failure({
      what: 'Input plan-file: it is no plan of this action.',
      remedy: 'Give the file that output `plan` of a step with `mode: plan` names, as it is.',
      cause,
    });
  }
}
