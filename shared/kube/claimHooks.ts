import type { V1Job } from '@kubernetes/client-node';
import type { Snapshot } from './Snapshot.ts';

const instance = 'app.kubernetes.io/instance';

/**
 * Helm does not mark its hooks with the release, and charts name them as they like: those that the
 * rendered release has get the label by which the others are known.
 *
 * @param names of Jobs that are hooks of the release
 */
export function claimHooks(
  snapshot: Snapshot,
  release: string,
  names: ReadonlySet<string> = new Set(),
): Snapshot {
  if (names.size === 0) return snapshot;
  const claim = (job: V1Job): V1Job => {
    const { metadata = {} } = job;
    const isOurs = names.has(metadata.name ?? '') && metadata.annotations?.['helm.sh/hook'];
    if (!isOurs) return job;
    return {
      ...job,
      metadata: { ...metadata, labels: { ...metadata.labels, [instance]: release } },
    };
  };
  return { ...snapshot, jobs: snapshot.jobs.map(claim) };
}
