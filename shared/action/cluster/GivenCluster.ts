import type { Kubeconfig } from '../../kube/findKubeconfig.ts';
import type { AzureIdentity } from '../login/RegistryLogin.ts';

/** The cluster as a step's inputs name it; without any of them it is the one that kubectl would ask. */
export interface GivenCluster {
  readonly kubeconfig: Kubeconfig | undefined;
  readonly aks: GivenAks | undefined;
  /** Who gets the tokens that kubelogin would get; without one, kubelogin itself is started. */
  readonly identity: AzureIdentity | undefined;
}

/** A cluster of AKS, and as whom its kubeconfig is asked for. */
export interface GivenAks {
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscription: string;
  /** Whether the kubeconfig of the cluster's own administrator is meant. */
  readonly admin: boolean;
  /** ARM elsewhere than where the cloud has it. */
  readonly arm: string | undefined;
}
