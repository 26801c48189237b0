import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { askGitHub } from './askGitHub.ts';
import { type Asked, explainRefusal } from './explainRefusal.ts';
import type { GitHub } from './GitHub.ts';

export interface DeploymentStatus {
  readonly state: 'in_progress' | 'success' | 'failure' | 'error';
  /** For people; GitHub takes 140 characters. */
  readonly description: string;
  /** Of the run. */
  readonly logUrl: string;
  /** Where what was deployed answers. */
  readonly environmentUrl?: string | undefined;
}

const longestDescription = 140;
const asked: Asked = { doing: 'tell how the deployment goes', permission: 'deployments: write' };

/** @throws {Failure} when GitHub refuses or does not answer */
export async function setDeploymentStatus(
  github: GitHub,
  id: number,
  { state, description, logUrl, environmentUrl }: DeploymentStatus,
): Promise<void> {
  const answer = await askGitHub(github, {
    method: 'POST',
    path: `/repos/${github.repository}/deployments/${id}/statuses`,
    body: {
      ...{ state, description: oneLine(description, longestDescription) },
      ...(isWeb(logUrl) && { log_url: logUrl }),
      ...(isWeb(environmentUrl) && { environment_url: environmentUrl }),
    },
    // The same status twice says the same.
    repeatable: true,
  });
  if (answer.status !== 201) throw new Failure(explainRefusal(answer, asked));
}

function isWeb(url: string | undefined): boolean {
  const protocol = URL.parse(url ?? '')?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}
