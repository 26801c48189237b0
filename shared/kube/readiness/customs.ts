import { latestEvent } from '../latestEvent.ts';
import { heals } from '../Patience.ts';
import type { CustomObject, Snapshot } from '../Snapshot.ts';
import { beside, ofRelease, type Trouble, type Workload } from './Workload.ts';

/** The conditions by which owners say that an object is ready, the most telling first. */
const positive = ['Ready', 'Available', 'Healthy', 'Succeeded', 'Programmed', 'Accepted'];

/**
 * Custom resources: ready when their owner says so. One whose kind declares conditions and that has
 * none was not seen by its owner; one of another kind is ready at once, as nobody will say more.
 */
export function customs(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.customs, release).map((object) =>
    beside(object.kind, object, troubleOf(object, snapshot)),
  );
}

function troubleOf(object: CustomObject, snapshot: Snapshot): Trouble | undefined {
  const { kind, metadata, status, reports } = object;
  const { conditions = [], observedGeneration } = status ?? {};
  const stalled = conditions.find(({ type, status: is }) => type === 'Stalled' && is === 'True');
  const owner = `Look at the controller of ${kind} (its operator): whether it runs, and what its log says.`;
  if (conditions.length === 0 && observedGeneration === undefined) {
    if (!reports) return undefined;
    const event = latestEvent(snapshot.events, metadata?.uid);
    return {
      reason: event?.reason ?? 'NotReported',
      message: event?.message ?? 'its controller has not said anything about it',
      remedy: owner,
      patienceMs: heals,
    };
  }
  if (observedGeneration !== undefined && observedGeneration < (metadata?.generation ?? 0)) {
    return {
      reason: 'NotObserved',
      message: 'its controller has not seen the last change',
      remedy: owner,
      patienceMs: heals,
    };
  }
  const word = positive
    .map((name) => conditions.find(({ type }) => type === name))
    .find((condition) => condition !== undefined);
  const bad = stalled ?? (word?.status === 'True' ? undefined : word);
  if (bad === undefined) return undefined;
  return {
    reason: bad.reason || bad.type,
    message: bad.message || `its condition ${bad.type} is ${bad.status}`,
    remedy: `Mend what the condition ${bad.type} of ${kind}/${metadata?.name} says.`,
    patienceMs: heals,
  };
}
