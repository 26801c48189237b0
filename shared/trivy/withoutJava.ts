import { Failure } from '../failure/Failure.ts';
import type { Gap } from '../verdict/Inspection.ts';
import type { ScanOptions } from './ScanOptions.ts';
import type { Scanned } from './scanTarget.ts';

const archives = ['**/*.jar', '**/*.war', '**/*.ear', '**/*.par'];

const gap: Gap = {
  what: 'The Java archives were not judged.',
  why: 'At least one of them does not say which module it is; only the Java database of Trivy (700 MB) knows those, and it is not fetched.',
  remedy:
    'Build archives that keep their pom.properties, or leave those out by name that are not needed (skip-files).',
};

/**
 * Scans; where Trivy ends because it wants its Java database, scans once more without Java archives:
 * what else there is should be seen.
 */
export async function withoutJava<P extends { readonly options?: ScanOptions | undefined }>(
  plan: P,
  scan: (plan: P) => Promise<Scanned>,
): Promise<Scanned> {
  try {
    return await scan(plan);
  } catch (error) {
    if (!(error instanceof Failure) || !/initialize the Java DB/.test(error.details ?? ''))
      throw error;
    const skipFiles = [...(plan.options?.skipFiles ?? []), ...archives];
    const { report, asides } = await scan({ ...plan, options: { ...plan.options, skipFiles } });
    return { report, asides: { ...asides, gaps: [gap, ...asides.gaps] } };
  }
}
