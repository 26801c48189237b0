import { autoscalers } from './readiness/autoscalers.ts';
import { claims } from './readiness/claims.ts';
import { customs } from './readiness/customs.ts';
import { daemonSets } from './readiness/daemonSets.ts';
import { deployments } from './readiness/deployments.ts';
import { ingresses } from './readiness/ingresses.ts';
import { jobs } from './readiness/jobs.ts';
import { pods } from './readiness/pods.ts';
import { services } from './readiness/services.ts';
import { statefulSets } from './readiness/statefulSets.ts';
import type { Workload } from './readiness/Workload.ts';
import type { Snapshot } from './Snapshot.ts';

const kinds = [
  deployments,
  statefulSets,
  daemonSets,
  jobs,
  pods,
  claims,
  services,
  ingresses,
  autoscalers,
  customs,
] as const;

/**
 * What of a release has to become ready: its workloads with the pods of their present revision, the
 * Jobs of its hooks, and what else says whether it is.
 */
export function workloadsOf(snapshot: Snapshot, release: string): Workload[] {
  return kinds.flatMap((read) => read(snapshot, release));
}
