import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { cacheRoot } from '../../../shared/tools/provideTool.ts';
import { needsDatabase } from '../../../shared/trivy/inspectTarget.ts';
import type { Database } from '../../../shared/trivy/provideDatabase.ts';
import type { Target } from '../../../shared/trivy/Target.ts';
import type { Gate } from './Gate.ts';
import type { Inputs } from './inputs.ts';
import type { Scanned } from './resolveTarget.ts';

/**
 * The vulnerability database that the scan needs: one of this machine where it is given, else that of
 * the first repository which has it.
 *
 * @returns `undefined` where the scan needs none
 * @throws {Failure} when it cannot be had in time
 */
export async function databaseOf(
  { scan, target, baseline }: Inputs,
  { registry, patience }: Gate,
  { env, signal, tempDir }: Runner,
): Promise<Database | undefined> {
  const wanted = target as Scanned;
  // Only the kind decides; a digest is of no interest.
  const needed = needsDatabase(wanted as Target, scan.scanners && [...scan.scanners]);
  if (!needed && (baseline === undefined || baseline.kind === 'report')) return undefined;
  const folder = join(cacheRoot(env), 'trivy-db');
  if (scan.database !== undefined) {
    const { localDatabase } = await import('../../../shared/trivy/localDatabase.ts');
    return localDatabase(scan.database, { folder, tempDir, signal });
  }
  const { fetchDatabase } = await import('../../../shared/trivy/fetchDatabase.ts');
  return fetchDatabase(scan.databases, { registry, folder, patience });
}
