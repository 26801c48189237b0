import type { Story } from '../../../shared/action/Runner.ts';
import { beginStep } from './endStep.ts';
import { readInputs } from './inputs.ts';

/** Builds an image or several, or does what comes after a build; hands on their digests. */
export const main: Story = async (runner) => {
  beginStep(runner);
  const { deed, inputs } = await readInputs(runner);
  switch (deed) {
    case 'build':
      return (await import('./deeds/build.ts')).build(inputs, runner);
    case 'bake':
      return (await import('./deeds/bake.ts')).bake(inputs, runner);
    case 'merge':
      return (await import('./deeds/merge.ts')).merge(inputs, runner);
    case 'promote':
      return (await import('./deeds/promote.ts')).promote(inputs, runner);
    case 'retention':
      return (await import('./deeds/retention.ts')).retention(inputs, runner);
  }
};
