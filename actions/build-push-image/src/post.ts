import { runAction } from '../../../shared/action/runAction.ts';
import { endBuilder } from './builders/endBuilder.ts';
import { endStep } from './endStep.ts';

await runAction(async (runner) => {
  await endBuilder(runner);
  await endStep(runner);
});
