import type { Story } from '../../../shared/action/Runner.ts';
import { readInputs } from './inputs.ts';

/** Builds an image, pushes it, and hands on its digest. */
export const main: Story = async (runner) => {
  const inputs = await readInputs(runner);
  const { findBuilder } = await import('./findBuilder.ts');
  const { buildImage } = await import('./buildImage.ts');
  const { summarize } = await import('./summarize.ts');

  const builder = await findBuilder(inputs.builder, runner);
  const built = await buildImage(inputs, builder, runner);

  runner.output('digest', built.digest);
  if (inputs.push) runner.output('reference', built.reference);
  runner.output('tags', built.tags.join('\n'));
  runner.output('metadata', built.metadata);

  runner.log.info(`${inputs.push ? 'Pushed' : 'Built'} ${built.reference}`);
  await runner.summary(summarize(inputs, built));
};
