import { findDeployed, type GetGitHub } from '../../../../shared/github/findDeployed.ts';
import type { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import { type Namespaces, runningImages } from '../../../../shared/kube/reports/runningImages.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { FindEffects } from './findBaseline.ts';

export interface BaselineSources {
  readonly registry: Pick<RegistryClient, 'findDigest'>;
  readonly get: GetGitHub;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly currentBranch: string | undefined;
  /** The environment's own cluster; `undefined` when only GitHub is to be asked. */
  readonly cluster:
    | { readonly api: Pick<KubeApi, 'get'>; readonly namespaces: Namespaces }
    | undefined;
}

/** Looks for baselines in the registry, in GitHub's deployments, and in the environment's cluster. */
export function findEffects(sources: BaselineSources): FindEffects {
  const { registry, get, repository, currentBranch, cluster } = sources;
  return {
    currentBranch,
    findDigest: (reference) => registry.findDigest(reference),
    findDeployed: (environment) => findDeployed(get, repository, environment),
    runningImages: cluster && (() => runningImages(cluster.api, cluster.namespaces)),
  };
}
