import type { Story } from '../../../shared/action/Runner.ts';
import { readInputs } from './inputs.ts';

/** Deploys a chart: a rollout that is proven ready, or undone with its reason. */
export const main: Story = async (runner) => {
  const inputs = await readInputs(runner);
  const { openCluster } = await import('./openCluster.ts');
  const { planDeploy } = await import('./planDeploy.ts');
  const { deployInStages } = await import('./deployInStages.ts');
  const { skipUnchanged } = await import('./skipUnchanged.ts');
  const { summarize } = await import('./summarize.ts');

  const cluster = await openCluster(inputs, runner);
  const plan = await planDeploy(inputs, cluster, runner);
  const unchanged = inputs.skipUnchanged && (await skipUnchanged(plan, cluster, runner));
  const result = unchanged || (await deployInStages(plan, cluster, runner));

  if (result.url !== undefined) runner.output('url', result.url);
  await runner.summary(summarize(inputs, result));
  if (result.failure !== undefined) throw result.failure;
  runner.log.info(`${inputs.release} is ready: revision ${result.revision}`);
};
