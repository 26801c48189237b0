import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure/Failure.ts';
import { passingStatuses } from '../http/passesByItself.ts';
import type { HttpRequest, HttpResponse } from '../http/request.ts';
import type { GitHub } from './GitHub.ts';
import { limitWait } from './limitWait.ts';

export interface GitHubRequest {
  readonly method?: NonNullable<HttpRequest['method']>;
  /** Below the API, or a whole address that the API itself gave. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether it may be sent again after a lost answer; by default all but POST, which creates. */
  readonly repeatable?: boolean;
}

export interface GitHubAnswer {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** Parsed JSON; `undefined` where there is none. Nothing in it is checked. */
  readonly body: unknown;
}

/** Tries after lost answers, and how long limits are waited out in all. */
const tries = 5;
const patienceMs = 15 * 60_000;

/**
 * Asks GitHub once, in the sense that nothing is created twice. A limit is waited out as long as GitHub
 * says, since what it refuses so has done nothing. Every status is an answer.
 *
 * @throws {Failure} when there is no answer, or a limit lasts too long
 */
export async function askGitHub(github: GitHub, request: GitHubRequest): Promise<GitHubAnswer> {
  const { log, now = Date.now } = github;
  const { method = 'GET', repeatable = method !== 'POST' } = request;
  let waited = 0;
  for (let attempt = 1, limits = 0; ; ) {
    const last = !repeatable || attempt >= tries;
    const answer = await send(github, method, request).catch((error: unknown) => {
      if (last || !(error instanceof Failure)) throw error;
      return error;
    });
    const lost = answer instanceof Failure;
    const limit = lost ? undefined : limitWait(answer, limits, now());
    if (limit !== undefined) {
      waited += limit;
      if (waited > patienceMs) throw tooLong(limit);
      limits++;
      log.info(`GitHub limits how often it is asked: going on in ${Math.ceil(limit / 1000)} s.`);
      await sleep(github, limit);
      continue;
    }
    if (!lost && (last || !(passingStatuses as readonly number[]).includes(answer.status))) {
      return answer;
    }
    log.info(`${method} ${request.path} is tried again (${attempt}): ${whyAgain(answer)}`);
    await sleep(github, 500 * 2 ** attempt);
    attempt++;
  }
}

/** @throws {DOMException} when the step is cancelled */
export async function sleep(github: GitHub, milliseconds: number): Promise<void> {
  if (github.sleep !== undefined) return github.sleep(milliseconds);
  await pause(milliseconds, undefined, { ...(github.signal && { signal: github.signal }) });
}

async function send(
  { http, apiUrl, token, signal }: GitHub,
  method: NonNullable<HttpRequest['method']>,
  { path, body }: GitHubRequest,
): Promise<GitHubAnswer> {
  const response = await http({
    method,
    url: addressOf(apiUrl, path),
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // Retries are ours: only GitHub's own headers say when.
    repeatable: false,
    deadlineMs: 120_000,
    signal,
  });
  return { status: response.status, headers: response.headers, body: parse(response) };
}

/** @throws {Failure} for an address of another server, which must not get the token */
function addressOf(apiUrl: string, path: string): string {
  const base = apiUrl.replace(/\/+$/, '');
  // GraphQL of an Enterprise Server lies beside the folder of the version.
  if (path === '/graphql') return `${base.replace(/\/v3$/, '')}${path}`;
  if (path.startsWith('/')) return `${base}${path}`;
  if (URL.parse(path)?.origin === new URL(base).origin) return path;
  throw new Failure({
    what: 'GitHub referred to another server, which does not get the token.',
    remedy: 'Check the address of the API (GITHUB_API_URL) and any proxy before it.',
  });
}

function parse({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function whyAgain(answer: GitHubAnswer | Failure): string {
  return answer instanceof Failure ? (answer.why ?? answer.what) : `it answered ${answer.status}`;
}

function tooLong(milliseconds: number): Failure {
  return new Failure({
    what: 'GitHub limits how often it is asked, and for too long.',
    why: `It wants us to come back in ${Math.ceil(milliseconds / 60_000)} minutes.`,
    remedy: 'Run the job again later, or spread the jobs that share this token.',
  });
}
