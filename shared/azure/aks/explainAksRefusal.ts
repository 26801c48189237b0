import { Failure, type FailureParts } from '../../failure/Failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import { oneLine } from '../../log/oneLine.ts';
import { plainText } from '../../log/sanitize.ts';
import { readArmError } from '../tasks/explainArmError.ts';
import type { AksCluster } from './AksCluster.ts';

interface Asked {
  readonly admin: boolean;
  readonly who: string;
}

type Refused = Pick<HttpResponse, 'status' | 'body'>;
type Parts = Omit<FailureParts, 'details'>;

/** Tells in words what a refusal of ARM's to give a cluster's kubeconfig means. */
export function explainAksRefusal(cluster: AksCluster, asked: Asked, response: Refused): Failure {
  return new Failure({
    ...explain(cluster, asked, response),
    details: plainText(response.body.toString()).slice(0, 2000),
  });
}

/** ARM said yes, and gave none. */
export function noKubeconfig({ name, arm }: AksCluster, { body }: Pick<HttpResponse, 'body'>) {
  return new Failure({
    what: `${new URL(arm).host} gave no kubeconfig of the AKS cluster ${name}.`,
    why: 'A proxy between this runner and Azure may answer in its place.',
    remedy: 'Check the proxy of this runner.',
    // Half a kubeconfig may be among what came.
    details: `${body.length} bytes came.`,
  });
}

function explain(cluster: AksCluster, { admin, who }: Asked, response: Refused): Parts {
  const { code, message } = readArmError(response);
  const { arm, subscription, resourceGroup, name } = cluster;
  const host = new URL(arm).host;
  const said = message === '' ? undefined : oneLine(message, 300);
  if (/disable local accounts/i.test(message)) {
    return {
      what: `The AKS cluster ${name} has no administrator's kubeconfig: its local accounts are disabled.`,
      remedy:
        'Leave `aks-admin` out, and give the identity a role in the cluster (by Azure RBAC or a RoleBinding).',
    };
  }
  switch (code) {
    case 'AuthorizationFailed':
      return {
        what: `The ${admin ? "administrator's" : "user's"} kubeconfig of the AKS cluster ${name} is refused to ${who}.`,
        why: 'Entra accepted the identity, so a role assignment at the cluster is missing.',
        remedy: `Assign it the role \`Azure Kubernetes Service Cluster ${admin ? 'Admin' : 'User'} Role\` there${admin ? ', or leave `aks-admin` out' : ''}. A new assignment can take ten minutes.`,
      };
    case 'SubscriptionNotFound':
    case 'InvalidSubscriptionId':
      return {
        what: `${host} knows no subscription ${oneLine(subscription)}.`,
        why: 'The id is wrong, of another tenant or cloud, or this identity has no role in it.',
        remedy: 'Check `subscription` (`az account show --query id`) and `azure-tenant-id`.',
      };
    case 'ResourceGroupNotFound':
      return {
        what: `Subscription ${subscription} has no resource group ${oneLine(resourceGroup)}.`,
        remedy:
          'Check `resource-group`: that of the cluster itself, not the one of its nodes (MC_…).',
      };
    case 'ResourceNotFound':
      return {
        what: `Resource group ${resourceGroup} has no AKS cluster ${oneLine(name)}.`,
        remedy: 'Check `aks-cluster` (`az aks list --output table`).',
      };
    default:
      return {
        what: `${host} answered ${response.status} when asked for the kubeconfig of the AKS cluster ${name}.`,
        why: code === '' ? said : `${code}: ${said ?? ''}`,
        remedy:
          response.status >= 500 || response.status === 429
            ? 'Azure had trouble; run the job again.'
            : 'Check `azure-tenant-id`, `azure-cloud` and `subscription`: they have to belong together.',
      };
  }
}
