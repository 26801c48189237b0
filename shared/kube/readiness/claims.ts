import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { latestEvent } from '../latestEvent.ts';
import { forOthersMs, heals } from '../Patience.ts';
import type { Snapshot } from '../Snapshot.ts';
import { beside, ofRelease, type Trouble, type Workload } from './Workload.ts';

/** Claims: ready when they have a volume, or wait for the first pod that uses them, as they should. */
export function claims(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.claims, release).map((claim) =>
    beside('PersistentVolumeClaim', claim, troubleOfClaim(claim, snapshot)),
  );
}

/** Why a claim has no volume; `undefined` when it has one, or nothing is wrong with that. */
export function troubleOfClaim(
  { metadata, spec, status }: V1PersistentVolumeClaim,
  snapshot: Snapshot,
): Trouble | undefined {
  if (status?.phase === 'Bound') return undefined;
  if (status?.phase === 'Lost') {
    return {
      reason: 'Lost',
      message: 'its volume is gone',
      remedy: 'Restore the volume, or delete the claim and what it held.',
      patienceMs: 0,
    };
  }
  const awaited = snapshot.events.some(
    ({ involvedObject, reason }) =>
      involvedObject.uid === metadata?.uid && reason === 'WaitForFirstConsumer',
  );
  const used = snapshot.pods.some((pod) =>
    pod.spec?.volumes?.some(
      ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata?.name,
    ),
  );
  if (awaited && !used) return undefined;
  const event = latestEvent(snapshot.events, metadata?.uid) ?? unbound(snapshot, metadata?.uid);
  const absent = /storageclass\S* "([^"]+)" not found/.exec(event?.message ?? '')?.[1];
  return {
    reason: event?.reason ?? 'Pending',
    message: event?.message ?? 'it has no volume yet',
    remedy:
      absent !== undefined
        ? `Create the storage class "${absent}", or correct storageClassName in the chart.`
        : !spec?.storageClassName
          ? 'Set storageClassName in the chart, or mark one class of the cluster as the default.'
          : 'Look at what makes the volumes of this storage class.',
    patienceMs: absent === undefined ? heals : forOthersMs,
  };
}

/** Without a class it is no warning that the claim stays unbound, only an event. */
function unbound({ events }: Snapshot, uid: string | undefined) {
  return events.findLast(
    ({ involvedObject, reason }) => involvedObject.uid === uid && reason === 'FailedBinding',
  );
}
