import type { Story } from '../../../shared/action/Runner.ts';
import { judge } from '../../../shared/verdict/judge.ts';
import { conclude } from './conclude.ts';
import { readInputs } from './inputs.ts';
import { publish } from './publish.ts';

/** Reads the inputs, scans the image, judges what was seen, tells it, and lets the step fail by it. */
export const main: Story = async (runner) => {
  const inputs = await readInputs(runner);
  // What holds until the end is reached, should this step be killed on the way.
  runner.output('verdict', 'incomplete');
  const { inspectImage } = await import('./inspectImage.ts');
  const seen = await inspectImage(inputs, runner);
  const judgement = judge(seen.inspection, inputs.policy);
  await publish(seen, judgement, inputs, runner);
  conclude(judgement.verdict, seen.inspection.subject, inputs, runner.log);
};
