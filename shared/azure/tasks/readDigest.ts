import { Failure } from '../../failure/Failure.ts';
import { type Digest, parseDigest } from '../../oci/Reference.ts';
import type { TaskRegistry } from './TaskRegistry.ts';
import { made, type TaskRun } from './TaskRun.ts';

/**
 * The digest of what a run has pushed under our names.
 *
 * @throws {Failure} when the run tells none, or of other names only
 */
export function readDigest(
  run: TaskRun,
  names: readonly string[],
  { name: registry }: TaskRegistry,
): Digest {
  const images = run.outputImages ?? [];
  const missing = names.filter((name) => !made(run, name));
  const digests = new Set(
    images
      .filter(({ repository, tag }) => names.includes(`${repository}:${tag}`))
      .map(({ digest }) => digest),
  );
  const [digest] = digests;
  if (missing.length === 0 && digests.size === 1 && typeof digest === 'string') {
    return parseDigest(digest);
  }
  throw new Failure({
    what: `Run ${run.runId} succeeded, but does not tell the digest of what it pushed.`,
    why:
      missing.length > 0
        ? `It names no image ${missing.join(', ')}.`
        : 'It names none, or more than one.',
    remedy: `Look at \`az acr task show-run --registry ${registry} --run-id ${run.runId}\`.`,
    details: JSON.stringify(images, undefined, 2),
  });
}
