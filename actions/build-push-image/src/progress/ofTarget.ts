import type { BuildProgress } from './BuildProgress.ts';

/**
 * What of a build of several targets (bake) belongs to one of them. A step that targets share belongs
 * to the one that came to it first.
 */
export function ofTarget(progress: BuildProgress, target: string): BuildProgress {
  return {
    ...progress,
    steps: progress.steps.filter((step) => step.target === target),
    warnings: progress.warnings.filter((warning) => warning.target === target),
  };
}
