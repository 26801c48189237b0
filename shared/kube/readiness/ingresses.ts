import type { V1Ingress, V1IngressServiceBackend, V1Service } from '@kubernetes/client-node';
import { forOthersMs, heals } from '../Patience.ts';
import type { Snapshot } from '../Snapshot.ts';
import { beside, ofRelease, type Trouble, type Workload } from './Workload.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Addresses: ready when there is something behind them. Whether it is ready is for its workload to
 * say; but a selector that no pod has, and a name that no service has, leave an address that is dead.
 */
export function ingresses(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.ingresses, release).map((ingress) => {
    const troubles = backendsOf(ingress).map((backend) =>
      troubleOf(backend, `Ingress/${ingress.metadata?.name}`, snapshot),
    );
    return beside(
      'Ingress',
      ingress,
      troubles.find((trouble) => trouble !== undefined),
    );
  });
}

function backendsOf({ spec }: V1Ingress): V1IngressServiceBackend[] {
  const paths = (spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  return [spec?.defaultBackend, ...paths.map(({ backend }) => backend)]
    .map((backend) => backend?.service)
    .filter((service) => service !== undefined);
}

function troubleOf(
  { name, port }: V1IngressServiceBackend,
  chain: string,
  snapshot: Snapshot,
): Trouble | undefined {
  const service = snapshot.services.find(({ metadata }) => metadata?.name === name);
  if (service === undefined) return noService(name, snapshot.services);
  if (service.spec?.type === 'ExternalName') return undefined;
  const below = `${chain} → Service/${name}`;
  const ports = service.spec?.ports ?? [];
  const served = ports.some((own) =>
    port?.name ? own.name === port.name : own.port === port?.number,
  );
  if (!served && port !== undefined) {
    return {
      chain: below,
      reason: 'NoPort',
      message: `it has no port ${port.name ?? port.number}`,
      remedy: `Lead the Ingress to one that it has: ${ports.map((own) => own.port).join(', ')}.`,
      patienceMs: forOthersMs,
    };
  }
  return noEndpoints(service, below, snapshot);
}

function noService(name: string, services: readonly V1Service[]): Trouble {
  const others = services.map(({ metadata }) => metadata?.name).join(', ');
  return {
    reason: 'NoService',
    message: `it leads to the service ${name}, which is not there`,
    remedy: `Correct the name in the chart${others === '' ? '' : ` (there is: ${others})`}.`,
    patienceMs: forOthersMs,
  };
}

function noEndpoints(
  { spec }: V1Service,
  chain: string,
  { pods, deployments, statefulSets, daemonSets, replicaSets }: Snapshot,
): Trouble | undefined {
  const selector = spec?.selector;
  if (selector === undefined) return undefined;
  const made = [...deployments, ...statefulSets, ...daemonSets, ...replicaSets].map(
    (workload) => workload.spec?.template?.metadata?.labels ?? {},
  );
  const candidates: Labels[] = [...pods.map(({ metadata }) => metadata?.labels ?? {}), ...made];
  if (candidates.some((labels) => has(labels, selector))) return undefined;
  const near = nearest(made, selector);
  return {
    ...{ chain, reason: 'NoEndpoints' },
    message: `no pod has what it selects (${words(selector)})`,
    remedy: `Select labels that the pods have${near === undefined ? '' : `: ${words(near)}`}.`,
    // A controller may make the pods yet.
    patienceMs: heals,
  };
}

function has(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** The template that shares most keys with what is selected, in those keys. */
function nearest(templates: readonly Labels[], selector: Labels): Labels | undefined {
  const [best] = templates
    .map((labels) => Object.entries(labels).filter(([key]) => key in selector))
    .filter((shared) => shared.length > 0)
    .sort((a, b) => b.length - a.length);
  return best && Object.fromEntries(best);
}

function words(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
