import { accessTokenOf } from '../../azure/accessTokenOf.ts';
import { fetchKubeconfig } from '../../azure/aks/fetchKubeconfig.ts';
import { armToken } from '../../azure/armToken.ts';
import type { Effects } from '../../azure/Effects.ts';
import { nameOf } from '../../azure/issueForRegistry.ts';
import { renewingToken } from '../../azure/renewingToken.ts';
import { httpClient } from '../../http/request.ts';
import type { Access } from '../../kube/openCluster.ts';
import { authorityFrom } from '../login/credentialsOf.ts';
import { identityOf } from '../login/identityOf.ts';
import type { Runner } from '../Runner.ts';
import type { GivenCluster } from './GivenCluster.ts';

/** How the cluster that the inputs name is reached; nothing is asked yet. */
export function accessOf(
  { kubeconfig, aks, identity: given }: GivenCluster,
  { env, log, mask, signal }: Pick<Runner, 'env' | 'log' | 'mask' | 'signal'>,
): Access {
  if (given === undefined) return { kubeconfig };
  const http = httpClient({ env, log });
  // Not with the runner's signal: what is undone after a cancellation may need a new token, too.
  const effects: Effects = { http, log, mask };
  const cloud = authorityFrom(env, given.cloud);
  const identity = identityOf(given, env, effects);
  const entraToken = (server: string) =>
    renewingToken(() => accessTokenOf(identity, cloud, [server], effects), {
      of: 'the cluster',
      log,
    });
  if (aks === undefined) return { kubeconfig, entraToken };
  const { arm = cloud.arm, admin } = aks;
  const who = nameOf(identity);
  return {
    fetch: () =>
      fetchKubeconfig(
        { ...aks, arm },
        { ...{ admin, who, http, signal }, token: armToken(identity, cloud, effects) },
      ),
    entraToken,
    named: {
      name: `The AKS cluster ${aks.name}`,
      remedy:
        'Check that it belongs to the tenant that logs in, and give the identity a role in it: `Azure Kubernetes Service RBAC Writer`, or a RoleBinding for its object id.',
    },
  };
}
