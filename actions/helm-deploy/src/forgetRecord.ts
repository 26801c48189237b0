import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { recordArtifacts } from '../../../shared/github/recordArtifacts.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import type { Inputs } from './inputs.ts';
import type { Cluster } from './openCluster.ts';
import { readOwnRecord, removeOwnRecord } from './record/ownRecord.ts';
import { pinnedImages } from './record/pinnedImages.ts';
import { clusterKey, gitHubOf } from './record/trackDeployment.ts';

/**
 * Removes the record of a release that was removed, and tells GitHub's artifact metadata that its digests
 * run no more. The release is gone by now: what cannot be done is a warning.
 */
export async function forgetRecord(
  inputs: Pick<Inputs, 'release' | 'namespace' | 'environment' | 'githubToken'>,
  { api }: Pick<Cluster, 'api'>,
  runner: Pick<Runner, 'env' | 'log' | 'signal'>,
): Promise<void> {
  const { release, namespace, environment } = inputs;
  try {
    const record = await readOwnRecord(api, inputs);
    if (record === undefined) return;
    await removeOwnRecord(api, inputs);
    const github = gitHubOf(inputs, runner);
    if (github === undefined || environment === undefined) return;
    if (record.environment !== environment) return;
    await recordArtifacts(github, {
      ...{ environment, cluster: clusterKey(api), deployment: `${namespace}/${release}` },
      ...{ deployed: [], retired: pinnedImages(record.images.map(({ image }) => image)) },
    });
  } catch (error) {
    if (runner.signal.aborted) return;
    if (!(error instanceof Failure || error instanceof KubeProblem)) throw error;
    runner.log.warning(
      `The record of ${release} is not gone everywhere. ${oneLine(error.message, 500)}`,
    );
  }
}
