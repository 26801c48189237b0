import type { CoreV1Event } from '@kubernetes/client-node';

/** When an event was last seen, in milliseconds. */
export function eventTime({ lastTimestamp, eventTime: once, firstTimestamp }: CoreV1Event): number {
  return new Date(lastTimestamp ?? once ?? firstTimestamp ?? 0).getTime();
}
