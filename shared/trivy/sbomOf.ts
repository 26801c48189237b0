import { stat } from 'node:fs/promises';
import { Failure } from '../failure/Failure.ts';
import { runTrivy, type Trivy, writeBlankFiles } from './runTrivy.ts';
import { convertArgs } from './trivyArgs.ts';

/** What an SBOM can be written as. */
export type SbomFormat = 'cyclonedx' | 'spdx-json';

/**
 * Makes an SBOM of a report that was kept; nothing is scanned again.
 *
 * @throws {Failure} when Trivy makes none of it
 */
export async function sbomOf(
  trivy: Trivy,
  { report, format, output }: { report: string; format: SbomFormat; output: string },
): Promise<void> {
  const blank = await writeBlankFiles(trivy.tempDir);
  const plan = { cacheDir: trivy.tempDir, blank };
  await runTrivy(trivy, 'make the SBOM', convertArgs(plan, { report, format, output }));
  const size = (await stat(output).catch(() => undefined))?.size ?? 0;
  if (size > 0) return;
  throw new Failure({
    what: 'Trivy ended well but left no SBOM.',
    remedy: 'Run the step again; a full disk can be the cause.',
  });
}
