import type { Outcome } from '../process/run.ts';
import { type ReleaseRecord, recordOf } from './readRelease.ts';

/**
 * What a dry run of Helm says an upgrade would write.
 *
 * @returns `undefined` when it failed, or when the beginning of a very large release was dropped
 */
export function readDryRun({
  exitCode,
  stdout,
  stdoutTruncated,
}: Pick<Outcome, 'exitCode' | 'stdout' | 'stdoutTruncated'>): ReleaseRecord | undefined {
  if (exitCode !== 0 || stdoutTruncated) return undefined;
  return recordOf(JSON.parse(stdout.slice(stdout.indexOf('{'))));
}
