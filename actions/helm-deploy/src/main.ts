import type { Story } from '../../../shared/action/Runner.ts';
import { readInputs } from './inputs.ts';

/** Does with a release what the mode says: the default is a rollout, proven ready or undone with its reason. */
export const main: Story = async (runner) => {
  const inputs = await readInputs(runner);
  switch (inputs.mode) {
    case 'deploy':
      return (await import('./modes/runDeploy.ts')).runDeploy(inputs, runner);
    case 'plan':
      return (await import('./modes/plan/runPlan.ts')).runPlan(inputs, runner);
    case 'drift':
      return (await import('./modes/drift/runDrift.ts')).runDrift(inputs, runner);
    case 'rollback':
      return (await import('./modes/rollback/runRollback.ts')).runRollback(inputs, runner);
    case 'uninstall':
      return (await import('./modes/uninstall/runUninstall.ts')).runUninstall(inputs, runner);
    case 'test':
      return (await import('./modes/test/runTests.ts')).runTests(inputs, runner);
  }
};
