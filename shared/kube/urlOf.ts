import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { Snapshot } from './Snapshot.ts';

/** The address under which a release answers: of its Ingress, else of its load balancer. */
export function urlOf(snapshot: Snapshot, release: string): string | undefined {
  const mine = ({ metadata }: { metadata?: V1ObjectMeta }) =>
    metadata?.annotations?.['meta.helm.sh/release-name'] === release;
  for (const { spec } of snapshot.ingresses.filter(mine)) {
    const rule = spec?.rules?.find(({ host }) => host !== undefined);
    if (rule?.host === undefined) continue;
    const secure = spec?.tls?.some(({ hosts }) => hosts?.includes(rule.host ?? '')) ?? false;
    return `${secure ? 'https' : 'http'}://${rule.host}${rule.http?.paths[0]?.path ?? '/'}`;
  }
  for (const { spec, status } of snapshot.services.filter(mine)) {
    const at = status?.loadBalancer?.ingress?.[0];
    const port = spec?.ports?.[0]?.port;
    const host = at?.hostname ?? at?.ip;
    if (host === undefined || port === undefined) continue;
    if (port === 443) return `https://${host}/`;
    return port === 80 ? `http://${host}/` : `http://${host}:${port}/`;
  }
  return undefined;
}
