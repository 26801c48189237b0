import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { type DeployedImage, readDeploymentPayload } from './DeploymentRecord.ts';

interface Answer {
  readonly status: number;
  /** The JSON. */
  readonly body: unknown;
}

/** Asks GitHub's REST API, with retries and the limits of its rate; paths begin with `/repos/`. */
export type GetGitHub = (path: string) => Promise<Answer>;

/** What an environment runs, as the newest deployment of ours that has succeeded there says. */
export interface Deployed {
  readonly id: number;
  readonly at: Date;
  readonly images: readonly DeployedImage[];
}

export type FoundDeployed =
  | Deployed
  /** Nothing was ever deployed there; or only by others, who do not say what. */
  | { readonly none: 'never' | 'unrecorded' };

/** Deployments a page, and so many pages are looked through: older ones are no news. */
const perPage = 100;
const mostPages = 5;

const deployments = v.array(
  v.object({
    id: v.number(),
    created_at: v.pipe(
      v.string(),
      v.transform((text) => new Date(text)),
    ),
    payload: v.unknown(),
  }),
);

const statuses = v.array(v.object({ state: v.string() }));

/**
 * Finds the newest deployment of ours in an environment that is a success still. One that failed, runs,
 * or was retired is none; what others deploy has no record and is passed over.
 *
 * @param repository `owner/name`
 * @throws {Failure} when GitHub refuses or does not answer
 */
export async function findDeployed(
  get: GetGitHub,
  repository: string,
  environment: string,
): Promise<FoundDeployed> {
  let seen = 0;
  for (let page = 1; page <= mostPages; page++) {
    const query = new URLSearchParams({
      environment,
      per_page: String(perPage),
      page: String(page),
    });
    const list = read(
      deployments,
      await get(`/repos/${repository}/deployments?${query}`),
      repository,
    );
    for (const { id, created_at, payload } of list) {
      const record = readDeploymentPayload(payload);
      if (record === undefined) continue;
      // The newest status is the first.
      const path = `/repos/${repository}/deployments/${id}/statuses?per_page=1`;
      const [latest] = read(statuses, await get(path), repository);
      if (latest?.state === 'success') return { id, at: created_at, images: record.images };
    }
    seen += list.length;
    if (list.length < perPage) break;
  }
  return { none: seen === 0 ? 'never' : 'unrecorded' };
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  { status, body }: Answer,
  repository: string,
): v.InferOutput<Schema> {
  if (status !== 200) {
    const { message = '' } = (body ?? {}) as { message?: string };
    // To a token without the right, a private repository is not there.
    const denied = status === 401 || status === 403 || status === 404;
    throw new Failure({
      what: `The deployments of ${repository} could not be read (${status}).`,
      why: message === '' ? undefined : `GitHub says: ${oneLine(String(message))}`,
      remedy: denied
        ? 'Give the job `permissions: deployments: read`.'
        : 'Run the step again; githubstatus.com tells of outages.',
    });
  }
  const checked = v.safeParse(schema, body);
  if (checked.success) return checked.output;
  throw new Failure({
    what: `What GitHub says of the deployments of ${repository} cannot be read.`,
    why: `${v.getDotPath(checked.issues[0]) ?? 'The answer'} is not as documented.`,
    remedy: 'A proxy between this runner and GitHub changes answers; go round it.',
  });
}
