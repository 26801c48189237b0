import type { V1Job } from '@kubernetes/client-node';
import { heals } from '../Patience.ts';
import type { Snapshot } from '../Snapshot.ts';
import { identity, ofRelease, ownedBy, type Trouble, type Workload } from './Workload.ts';

/** Ready when they have succeeded. */
export function jobs(snapshot: Snapshot, release: string): Workload[] {
  return [...ofRelease(snapshot.jobs, release), ...hooksOf(snapshot, release)].map((job) => {
    const { metadata, spec, status } = job;
    const desired = spec?.completions ?? 1;
    const ready = status?.succeeded ?? 0;
    const complete = hasEnded(job, 'Complete') || hasEnded(job, 'SuccessCriteriaMet');
    return {
      ...identity('Job', metadata),
      ...{ desired, ready, replicaSet: undefined },
      hook: isHook(job),
      done: complete || (ready >= desired && !hasEnded(job, 'Failed')),
      pods: ownedBy(snapshot.pods, metadata?.uid),
      trouble: troubleOf(job),
    };
  });
}

/** Whether nothing more will come of it. */
export function isOver(job: V1Job): boolean {
  return hasEnded(job, 'Complete') || hasEnded(job, 'Failed');
}

function hasEnded({ status }: V1Job, how: string): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === how && is === 'True') ?? false;
}

function troubleOf({ metadata, spec, status }: V1Job): Trouble | undefined {
  const failed = status?.conditions?.find(
    ({ type, status: is }) => type === 'Failed' && is === 'True',
  );
  if (failed === undefined && spec?.suspend) {
    return {
      reason: 'Suspended',
      message: 'it does not begin until somebody resumes it',
      remedy: 'Take suspend out of the chart: Helm waits for the Job, and so does this step.',
      patienceMs: heals,
    };
  }
  if (failed === undefined) return undefined;
  const { reason = 'Failed', message = 'the Job has failed' } = failed;
  const tidied = metadata?.deletionTimestamp !== undefined || spec?.ttlSecondsAfterFinished === 0;
  const late = reason === 'DeadlineExceeded';
  return {
    ...{ reason, message },
    remedy: late
      ? 'Raise activeDeadlineSeconds in the chart, or make the Job faster.'
      : tidied
        ? 'Raise ttlSecondsAfterFinished in the chart, so that its log can be read.'
        : 'Mend what its last log lines say, or raise backoffLimit in the chart.',
    patienceMs: 0,
    // Its pods were ended for it, and say only that.
    first: late,
  };
}

/** Helm does not mark hooks with the release; charts give them its label or the beginning of its name. */
function hooksOf(snapshot: Snapshot, release: string): V1Job[] {
  return snapshot.jobs.filter((job) => {
    const instance = job.metadata?.labels?.['app.kubernetes.io/instance'];
    const name = job.metadata?.name ?? '';
    const mine =
      instance === undefined ? `${name}-`.startsWith(`${release}-`) : instance === release;
    return mine && isHook(job);
  });
}

function isHook({ metadata }: V1Job): boolean {
  return /(pre|post)-(install|upgrade)/.test(metadata?.annotations?.['helm.sh/hook'] ?? '');
}
