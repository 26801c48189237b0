import type { V1ContainerStatus } from '@kubernetes/client-node';

/** How often a container was restarted, as the end of a sentence; '' when it was not. */
export function restarts({ restartCount }: V1ContainerStatus): string {
  return restartCount === 0 ? '' : `, restarted ${restartCount} times`;
}
