import type { V1Job } from '@kubernetes/client-node';
import type { Snapshot } from './Snapshot.ts';

/** Jobs that are over, by uid. One with a time to live goes while it is awaited, and its end with it. */
export type OverJobs = Map<string, V1Job>;

/** The snapshot with those that have gone. */
export function withOver(snapshot: Snapshot, over: OverJobs): Snapshot {
  const there = new Set(snapshot.jobs.map(({ metadata }) => metadata?.uid));
  const gone = [...over].filter(([uid]) => !there.has(uid)).map(([, job]) => job);
  return gone.length === 0 ? snapshot : { ...snapshot, jobs: [...snapshot.jobs, ...gone] };
}
