import type { CoreV1Event } from '@kubernetes/client-node';
import { eventTime } from './eventTime.ts';

/** The latest warning about an object. */
export function latestEvent(
  events: readonly CoreV1Event[],
  uid: string | undefined,
  matches: (event: CoreV1Event) => boolean = () => true,
): CoreV1Event | undefined {
  return events
    .filter(
      (event) =>
        event.type === 'Warning' && event.involvedObject.uid === uid && uid && matches(event),
    )
    .sort((a, b) => eventTime(a) - eventTime(b))
    .at(-1);
}
