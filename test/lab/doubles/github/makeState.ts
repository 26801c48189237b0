import type {
  GitHubState,
  Issue,
  Organization,
  Permissions,
  Pull,
  Repository,
  Run,
  Token,
} from './GitHubState.ts';

/** A repository as a test describes it; what is absent is usual. */
export interface RepositoryOptions {
  /** `owner/name`. */
  readonly fullName: string;
  readonly visibility?: 'public' | 'private';
  /** Branches and tags; `main` by default. */
  readonly refs?: Readonly<Record<string, string>>;
  readonly pulls?: readonly ({ readonly number: number } & Pull)[];
  readonly runs?: readonly Run[];
  readonly codeScanning?: boolean;
  readonly sarifPendingPolls?: number;
}

export const someSha = '0123456789abcdef0123456789abcdef01234567';

/** The double's memory at its start. */
export function makeState(
  repositories: readonly RepositoryOptions[],
  tokens: Readonly<Record<string, Permissions | Token>>,
): GitHubState {
  const organizations = new Map<string, Organization>();
  for (const { fullName } of repositories) {
    const [login = ''] = fullName.split('/');
    organizations.set(login.toLowerCase(), { login, deploymentRecords: [], storageRecords: [] });
  }
  return {
    tokens: new Map(
      Object.entries(tokens).map(([value, token]) => [
        value,
        'permissions' in token ? token : { permissions: token },
      ]),
    ),
    repositories: new Map(
      repositories.map((options, index) => [
        options.fullName.toLowerCase(),
        makeRepository(options, 100 + index),
      ]),
    ),
    organizations,
    nextId: 1001,
  };
}

function makeRepository(options: RepositoryOptions, id: number): Repository {
  return {
    id,
    fullName: options.fullName,
    visibility: options.visibility ?? 'private',
    defaultBranch: 'main',
    refs: new Map(Object.entries(options.refs ?? { main: someSha })),
    checks: new Map(),
    codeScanning: options.codeScanning ?? true,
    sarifPendingPolls: options.sarifPendingPolls ?? 1,
    deployments: [],
    issues: (options.pulls ?? []).map(issueOf),
    sarifs: [],
    runs: [...(options.runs ?? [])],
  };
}

function issueOf({ number, ...pull }: { readonly number: number } & Pull): Issue {
  const at = '2026-01-01T00:00:00Z';
  return {
    number,
    title: `Pull request ${number}`,
    body: null,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    locked: false,
    pull,
    createdAt: at,
    updatedAt: at,
    comments: [],
  };
}
