import type { Runner } from '../../../../shared/action/Runner.ts';
import type { JudgedImage } from '../../../../shared/evidence/judgeImages.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { recordArtifacts } from '../../../../shared/github/recordArtifacts.ts';
import { type KubeApi, KubeProblem } from '../../../../shared/kube/KubeApi.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { DeployPlan } from '../DeployPlan.ts';
import type { Registries } from '../evidence/openRegistries.ts';
import type { SourceInputs } from '../inputs.ts';
import { gatherFacts } from './gatherFacts.ts';
import { type EarlierRecord, readOwnRecord, writeOwnRecord } from './ownRecord.ts';
import { pinnedImages } from './pinnedImages.ts';
import type { ReleaseFacts } from './ReleaseFacts.ts';
import { clusterKey, gitHubOf } from './trackDeployment.ts';

export interface Recorded {
  readonly revision: number;
  readonly judged: readonly JudgedImage[];
  /** Opened only where something is signed. */
  readonly registries: () => Promise<Registries>;
}

/**
 * Keeps what was deployed: in the cluster beside the release, signed at the images' digests, and in GitHub's
 * artifact metadata. The release runs by now: what cannot be kept is a warning.
 */
export async function recordRelease(
  { revision, judged, registries }: Recorded,
  plan: DeployPlan,
  inputs: SourceInputs,
  api: KubeApi,
  runner: Runner,
): Promise<void> {
  const { release, namespace, environment, signing } = inputs;
  await orWarn(`No record of release ${release} is kept.`, runner, async () => {
    const earlier = await readOwnRecord(api, { release, namespace });
    const deployed = { release, namespace, revision, environment, judged };
    const facts = await gatherFacts({ ...deployed, chartDigest: plan.chartDigest }, api, runner);
    await Promise.all([
      orWarn('No record is kept beside the release.', runner, () => writeOwnRecord(api, facts)),
      orWarn('No record is attached to the images.', runner, async () => {
        if (plan.images.length === 0) return;
        const { attachRecord } = await import('./attachRecord.ts');
        await attachRecord(plan.images, facts, signing, await registries(), runner);
      }),
      orWarn('GitHub does not know which digests run.', runner, () =>
        tellArtifacts(facts, earlier, inputs, api, runner),
      ),
    ]);
  });
}

async function tellArtifacts(
  facts: ReleaseFacts,
  earlier: EarlierRecord | undefined,
  inputs: SourceInputs,
  api: KubeApi,
  runner: Runner,
): Promise<void> {
  const github = gitHubOf(inputs, runner);
  const { environment, release, namespace } = inputs;
  if (github === undefined || environment === undefined) return;
  const deployed = pinnedImages(facts.images.map(({ image }) => image));
  const stay = new Set(deployed.map(({ registry, repository }) => `${registry}/${repository}`));
  const before = earlier?.environment === environment ? earlier.images : [];
  const retired = pinnedImages(before.map(({ image }) => image)).filter(
    ({ registry, repository }) => !stay.has(`${registry}/${repository}`),
  );
  await recordArtifacts(github, {
    ...{ environment, cluster: clusterKey(api), deployed, retired },
    deployment: `${namespace}/${release}`,
  });
  for (const image of deployed) runner.log.debug(`GitHub knows ${formatReference(image)}.`);
}

async function orWarn(
  what: string,
  { log, signal }: Pick<Runner, 'log' | 'signal'>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof KubeProblem) log.warning(`${what} ${why(error)}`);
    else if (error instanceof Failure) log.warning(`${what} ${oneLine(error.message, 500)}`);
    else throw error;
  }
}

function why({ code, message }: KubeProblem): string {
  const said = oneLine(message, 300);
  return code === 403
    ? `${said}. Let the user get and patch configmaps in the namespace, or set \`record: false\`.`
    : `${said}.`;
}
