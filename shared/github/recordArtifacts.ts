import { Failure } from '../failure/Failure.ts';
import type { PinnedReference } from '../oci/Reference.ts';
import { askGitHub } from './askGitHub.ts';
import { type Asked, explainRefusal } from './explainRefusal.ts';
import type { GitHub } from './GitHub.ts';

export interface ArtifactRecords {
  readonly environment: string;
  /** By what the cluster is told from another. */
  readonly cluster: string;
  /** What the images run as: one record each image of it. */
  readonly deployment: string;
  readonly deployed: readonly PinnedReference[];
  /** Those that ran there before, and do no more. */
  readonly retired?: readonly PinnedReference[];
}

const asked: Asked = {
  doing: 'record which digests run',
  permission: 'artifact-metadata: write',
};
/** Of GitHub's schema. */
const longestName = 256;
const longestRepository = 128;

/**
 * Tells GitHub's artifact metadata which digests run where, so that its alerts know. A record that is there
 * already is changed.
 *
 * @throws {Failure} when GitHub refuses or does not answer
 */
export async function recordArtifacts(github: GitHub, records: ArtifactRecords): Promise<void> {
  const [owner = '', repository = ''] = github.repository.split('/');
  const { environment, cluster } = records;
  const deployments = entriesOf(records, repository.slice(0, longestRepository));
  if (deployments.length === 0) return;
  const answer = await askGitHub(github, {
    method: 'POST',
    path: `/orgs/${owner}/artifacts/metadata/deployment-record/cluster/${encodeURIComponent(cluster)}`,
    body: { logical_environment: environment, deployments, return_records: false },
    repeatable: true,
  });
  if (answer.status === 200) return;
  const { what, why, remedy } = explainRefusal(answer, asked);
  const only = ' GitHub keeps such records for organizations only.';
  throw new Failure({
    what,
    why,
    remedy: `${remedy ?? ''}${answer.status === 404 ? only : ''}`.trim(),
  });
}

/** Each with a name of its own: two digests of one repository may run side by side. */
function entriesOf({ deployment, deployed, retired = [] }: ArtifactRecords, repository: string) {
  const names = new Map<string, number>();
  const entryOf = (image: PinnedReference, status: 'deployed' | 'decommissioned') => {
    const name = `${image.registry}/${image.repository}`;
    const nth = (names.get(name) ?? 0) + 1;
    names.set(name, nth);
    const suffix = nth === 1 ? '' : `#${nth}`;
    return {
      ...{ name: name.slice(0, longestName), digest: image.digest, status },
      deployment_name: `${deployment}/${name}`.slice(0, longestName - suffix.length) + suffix,
      github_repository: repository,
    };
  };
  return [
    ...deployed.map((image) => entryOf(image, 'deployed')),
    ...retired.map((image) => entryOf(image, 'decommissioned')),
  ];
}
