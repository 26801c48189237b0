import type { Story } from '../../../shared/action/Runner.ts';

/**
 * A story that ends with a verdict and its reason among the outputs, also where it was thrown out of: what
 * it has told itself stays.
 */
export function judged(story: Story): Story {
  return async (runner) => {
    const told = new Set<string>();
    const output = (name: string, value: string) => {
      told.add(name);
      runner.output(name, value);
    };
    try {
      await story({ ...runner, output });
    } catch (error) {
      const { verdictOf } = await import('./verdictOf.ts');
      const { verdict, reason } = await verdictOf(error, runner.secrets);
      if (!told.has('verdict')) output('verdict', verdict);
      if (!told.has('reason')) output('reason', reason);
      throw error;
    }
  };
}
