import { latestEvent } from '../latestEvent.ts';
import { heals } from '../Patience.ts';
import type { Snapshot } from '../Snapshot.ts';
import { beside, ofRelease, type Trouble, type Workload } from './Workload.ts';

/** Load balancers: ready when they have an address. Other services are so at once. */
export function services(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.services, release)
    .filter(({ spec }) => spec?.type === 'LoadBalancer')
    .map((service) => {
      const has = (service.status?.loadBalancer?.ingress ?? []).length > 0;
      return beside(
        'Service',
        service,
        has ? undefined : noAddress(service.metadata?.uid, snapshot),
      );
    });
}

function noAddress(uid: string | undefined, snapshot: Snapshot): Trouble {
  const event = latestEvent(snapshot.events, uid);
  return {
    reason: event?.reason ?? 'NoAddress',
    message: event?.message ?? 'the load balancer has no address yet',
    remedy:
      'Look at the controller that makes load balancers in this cluster; without one, use another type of service.',
    patienceMs: heals,
  };
}
