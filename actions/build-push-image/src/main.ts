import type { Story } from '../../../shared/action/Runner.ts';
import { readInputs } from './inputs.ts';

/** Builds an image, or finds the one of the same inputs; pushes it and hands on its digest. */
export const main: Story = async (runner) => {
  const inputs = await readInputs(runner);
  const { build } = await import('./deeds/build.ts');
  await build(inputs, runner);
};
