import { at, readPayload, textAt } from '../../../../shared/action/payload.ts';
import type { GitEvent } from './GitEvent.ts';
import { parseRef } from './parseRef.ts';
import { readRepository } from './readRepository.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Pull requests whose code GitHub does not trust; `pull_request_target` runs the base's workflow. */
const untrustedEvents = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

/**
 * Reads what the runner says of the event (`GITHUB_*`) and its payload.
 *
 * @throws {Failure} when the payload's file is there and no JSON
 */
export async function readEvent(env: Env): Promise<GitEvent> {
  const payload = await readPayload(env.GITHUB_EVENT_PATH);
  const name = env.GITHUB_EVENT_NAME ?? '';
  const sha = env.GITHUB_SHA || undefined;
  const headSha = textAt(payload, 'pull_request', 'head', 'sha');
  const fork = isFork(payload);
  return Object.freeze({
    name,
    ref: parseRef(pullRef(name, payload) ?? env.GITHUB_REF ?? ''),
    sha: buildsHead(env, name) ? (headSha ?? sha) : sha,
    headSha,
    baseRef: baseRef(env, payload),
    commitDate: commitDate(payload, sha),
    schedule: textAt(payload, 'schedule'),
    repository: readRepository(env, payload),
    fork,
    restricted: restriction(env, name, fork),
  });
}

/** GITHUB_REF of this event is the base branch, and would tag foreign code with its name. */
function pullRef(name: string, payload: unknown): string | undefined {
  const number = at(payload, 'pull_request', 'number') ?? at(payload, 'number');
  if (name !== 'pull_request_target' || typeof number !== 'number') return undefined;
  return `refs/pull/${number}/merge`;
}

/**
 * GITHUB_SHA of `pull_request_target` is the base branch's last commit, and an image of the pull
 * request must not carry it. The variable is docker/metadata-action's.
 */
function buildsHead(env: Env, name: string): boolean {
  return (
    name === 'pull_request_target' || /^true$/i.test(env.DOCKER_METADATA_PR_HEAD_SHA?.trim() ?? '')
  );
}

function baseRef(env: Env, payload: unknown): string | undefined {
  const said = textAt(payload, 'pull_request', 'base', 'ref') ?? textAt(payload, 'base_ref');
  return (said ?? (env.GITHUB_BASE_REF || undefined))?.replace(/^refs\/heads\//, '');
}

function commitDate(payload: unknown, sha: string | undefined): Date | undefined {
  const commits = at(payload, 'commits');
  const known = [at(payload, 'head_commit'), ...(Array.isArray(commits) ? commits : [])];
  const commit = known.find((one) => sha !== undefined && textAt(one, 'id') === sha);
  const date = new Date(textAt(commit, 'timestamp') ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A deleted fork has no repository any more. */
function isFork(payload: unknown): boolean {
  const head = at(payload, 'pull_request', 'head');
  if (head === undefined) return false;
  return textAt(head, 'repo', 'full_name') !== textAt(payload, 'repository', 'full_name');
}

function restriction(env: Env, name: string, fork: boolean): GitEvent['restricted'] {
  if (env.GITHUB_ACTOR === 'dependabot[bot]') return 'dependabot';
  return fork && untrustedEvents.has(name) ? 'fork' : undefined;
}
