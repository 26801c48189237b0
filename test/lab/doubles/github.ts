import { randomUUID } from 'node:crypto';
import { artifactMetadata } from './github/artifactMetadata.ts';
import { checkBody } from './github/checkBody.ts';
import { codeScanning } from './github/codeScanning.ts';
import { deployments } from './github/deployments.ts';
import { GitHubError } from './github/GitHubError.ts';
import type {
  GitHubState,
  Organization,
  Permissions,
  Repository,
  Token,
} from './github/GitHubState.ts';
import { graphql } from './github/graphql.ts';
import { issues } from './github/issues.ts';
import { makeState, type RepositoryOptions } from './github/makeState.ts';
import { pulls } from './github/pulls.ts';
import { RateLimit, type RateLimitFault } from './github/RateLimit.ts';
import { type Call, matchPattern, type Route } from './github/Route.ts';
import { runs } from './github/runs.ts';
import {
  type Answer,
  type Asked,
  type Double,
  type Served,
  type ServeOptions,
  serveDouble,
} from './serve.ts';

const routes: readonly Route[] = [
  ...deployments,
  ...issues,
  ...pulls,
  ...codeScanning,
  ...runs,
  ...artifactMetadata,
  ...graphql,
];

const apiVersions = ['2022-11-28', '2026-03-10'];

export interface GitHubOptions extends ServeOptions {
  readonly repositories?: readonly RepositoryOptions[];
  /** What each token may do, as `permissions:` of a job says it. */
  readonly tokens?: Readonly<Record<string, Permissions | Token>>;
  /** Requests an hour; the token of a job has 1000 a repository. */
  readonly hourly?: number;
  readonly now?: () => Date;
}

/** The double on a server of its own. */
export type GitHub = GitHubDouble & Served;

export interface GitHubDouble extends Double {
  readonly state: GitHubState;
  /** Everything that was asked, in order. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly status: number;
  }[];
  /** @throws {Error} when there is none of that name */
  repository(fullName: string): Repository;
  /** @throws {Error} when there is none of that name */
  organization(login: string): Organization;
  /** The next requests hit a limit. */
  limit(fault: RateLimitFault): void;
}

/**
 * GitHub's REST API as far as this project speaks it: deployments, comments, issues, pull requests,
 * code scanning, workflow runs, artifact metadata, and who one is. It refuses what GitHub refuses, in GitHub's words.
 */
export function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  return serveDouble(makeGitHub, options);
}

/** The same without a server of its own. */
export function makeGitHub(options: GitHubOptions): GitHubDouble {
  const state = makeState(options.repositories ?? [], options.tokens ?? {});
  const limit = new RateLimit(options.hourly ?? 1000);
  const requests: { method: string; path: string; status: number }[] = [];
  const now = options.now ?? (() => new Date());

  function answerOf(asked: Asked): Answer {
    // GitHub Enterprise Server has its API below a folder.
    const path = asked.path.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api(?=\/graphql$)/, '');
    const candidates = routes.flatMap((route) => {
      const values = matchPattern(route.pattern, path);
      return values === undefined ? [] : [{ route, values }];
    });
    const found = candidates.find(({ route }) => route.method === asked.method);
    const documentation = `https://docs.github.com/rest${found ? `/${found.route.documentation}` : ''}`;
    try {
      const token = authenticate(asked, state);
      // Asking for the limit does not count.
      if (path === '/rate_limit' && asked.method === 'GET') {
        return { status: 200, body: limit.show(now()) };
      }
      limit.count(now());
      if (found === undefined) throw GitHubError.notFound();
      return dispatch({ asked, ...found, token, state, now: iso(now()) });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      return error.answer(documentation);
    }
  }

  function handle(asked: Asked): Answer {
    const answer = answerOf(asked);
    requests.push({ method: asked.method, path: asked.path, status: answer.status });
    return {
      ...answer,
      headers: {
        'x-github-request-id': randomUUID().slice(0, 18).toUpperCase(),
        'x-github-media-type': 'github.v3; format=json',
        'x-github-api-version-selected': String(
          asked.headers['x-github-api-version'] ?? apiVersions[0],
        ),
        ...limit.headers(),
        ...answer.headers,
      },
    };
  }

  return {
    handle,
    state,
    requests,
    repository: (fullName) => get(state.repositories, fullName),
    organization: (login) => get(state.organizations, login),
    limit: (fault) => limit.add(fault),
  };
}

function get<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name.toLowerCase());
  if (found === undefined) throw new Error(`The double has no ${name}.`);
  return found;
}

/** `2026-11-24T12:00:00Z`: GitHub has no fractions of seconds. */
function iso(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function authenticate(asked: Asked, state: GitHubState): Token {
  if (!asked.headers['user-agent']) {
    throw new GitHubError({
      status: 403,
      message:
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.',
    });
  }
  const version = asked.headers['x-github-api-version'];
  if (version !== undefined && !apiVersions.includes(String(version))) {
    throw new GitHubError({
      status: 400,
      message: `${JSON.stringify(version)} is not a supported version. Please use one of the following versions: ${apiVersions.join(', ')}.`,
    });
  }
  const { authorization } = asked.headers;
  if (authorization === undefined) {
    throw new GitHubError({ status: 401, message: 'Requires authentication' });
  }
  const value = /^(?:token|bearer) (\S+)$/i.exec(authorization)?.[1];
  const token = value === undefined ? undefined : state.tokens.get(value);
  if (token === undefined) throw GitHubError.badCredentials();
  return token;
}

interface Dispatch {
  readonly asked: Asked;
  readonly route: Route;
  readonly values: Readonly<Record<string, string>>;
  readonly token: Token;
  readonly state: GitHubState;
  readonly now: string;
}

/** What GitHub does before an endpoint sees a request: does it exist for this token, may it, is it well formed. */
function dispatch({ asked, route, values, token, state, now }: Dispatch): Answer {
  const { owner, repo, org } = values;
  const repository = state.repositories.get(`${owner}/${repo}`.toLowerCase());
  const organization = state.organizations.get(`${org}`.toLowerCase());
  if (owner !== undefined && repository === undefined) throw GitHubError.notFound();
  const foreign = repository !== undefined && !reaches(token, repository);
  if (foreign && repository.visibility === 'private') throw GitHubError.notFound();
  if (org !== undefined && organization === undefined) throw GitHubError.notFound();
  const permissions = foreign ? readOnly(token.permissions) : token.permissions;
  if (!route.permissions.some((needed) => grants(permissions, needed))) {
    throw GitHubError.forbidden(route.permissions.map(spell).join('; '));
  }
  const body = route.body && checkBody(route.body, asked.body);
  const call = {
    state,
    asked,
    path: values,
    repository,
    organization,
    body,
    permissions,
    token,
    now,
  };
  return route.handle(call as unknown as Call<never>);
}

function reaches({ repositories }: Token, { fullName }: Repository): boolean {
  if (repositories === undefined) return true;
  return repositories.some((name) => name.toLowerCase() === fullName.toLowerCase());
}

/** What a token may do with a public repository that is not its own. */
function readOnly(permissions: Permissions): Permissions {
  return Object.fromEntries(Object.keys(permissions).map((name) => [name, 'read' as const]));
}

function grants(has: Permissions, needed: Permissions): boolean {
  return Object.entries(needed).every(([name, level]) => {
    const own = has[name as keyof Permissions];
    return own === 'write' || own === level;
  });
}

/** In the API, names have underscores. */
function spell(needed: Permissions): string {
  return Object.entries(needed)
    .map(([name, level]) => `${name.replaceAll('-', '_')}=${level}`)
    .join(',');
}
