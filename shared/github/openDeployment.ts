import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { createOnce } from './createOnce.ts';
import {
  type DeploymentRecord,
  deploymentPayload,
  readDeploymentPayload,
} from './DeploymentRecord.ts';
import { type Asked, explainRefusal } from './explainRefusal.ts';
import type { GitHub } from './GitHub.ts';
import { listAll } from './listAll.ts';

export interface NewDeployment extends DeploymentRecord {
  readonly environment: string;
  /** The commit that is deployed. */
  readonly sha: string;
  /** For people. */
  readonly description: string;
  /** Of the step: by it an attempt finds what the one before it made. */
  readonly key: string;
}

const deployment = v.object({ id: v.number(), payload: v.unknown() });
const asked: Asked = { doing: 'record the deployment', permission: 'deployments: write' };
const task = 'deploy';

/** GitHub refuses longer ones. */
const longestDescription = 140;

/**
 * Tells GitHub that something is being deployed. The deployment that an earlier attempt of this step made
 * of the same images is used again.
 *
 * @returns its id
 * @throws {Failure} when GitHub refuses or does not answer
 */
export async function openDeployment(github: GitHub, made: NewDeployment): Promise<number> {
  const { environment, sha, description } = made;
  const path = `/repos/${github.repository}/deployments`;
  const own = deploymentPayload(made);
  const query = new URLSearchParams({ sha, environment, task, per_page: '100' });
  const find = async (): Promise<number | undefined> => {
    const all = await listAll(github, `${path}?${query}`, deployment, asked);
    if (!Array.isArray(all)) throw new Failure(explainRefusal(all, asked));
    return all.find(({ payload }) => isSame(readDeploymentPayload(payload), own))?.id;
  };
  const before = await find();
  if (before !== undefined) return before;
  const body = {
    ...{ ref: sha, task, environment, payload: own, auto_merge: false },
    // This very job is a check of the commit that has not succeeded yet.
    required_contexts: [],
    description: description.slice(0, longestDescription),
  };
  const answer = await createOnce(github, { path, body }, find);
  if ('found' in answer) return answer.found;
  const read = v.safeParse(deployment, answer.body);
  if (answer.status === 201 && read.success) return read.output.id;
  throw new Failure(explainRefusal(answer, asked));
}

function isSame(
  found: DeploymentRecord | undefined,
  own: ReturnType<typeof deploymentPayload>,
): boolean {
  return found !== undefined && JSON.stringify(deploymentPayload(found)) === JSON.stringify(own);
}
