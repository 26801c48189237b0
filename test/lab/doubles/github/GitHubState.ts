import type { components } from '@octokit/openapi-types';

type Schemas = components['schemas'];

/** A permission as a workflow spells it. `write` implies `read`. */
export type Permission =
  | 'actions'
  | 'artifact-metadata'
  | 'contents'
  | 'deployments'
  | 'issues'
  | 'pull-requests'
  | 'security-events';
export type Permissions = Partial<Record<Permission, 'read' | 'write'>>;

export interface Token {
  readonly permissions: Permissions;
  /** `owner/name`; all by default. */
  readonly repositories?: readonly string[];
  /** Whose it is; the bot of a job by default. */
  readonly login?: string;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: Schemas['deployment-status']['state'];
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly at: string;
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly task: string;
  readonly payload: Record<string, unknown> | string;
  readonly originalEnvironment: string;
  environment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: string;
  updatedAt: string;
  readonly statuses: DeploymentStatus[];
}

export interface Comment {
  readonly id: number;
  /** The bot of a job by default. */
  readonly author?: string;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Issue {
  readonly number: number;
  /** The bot of a job by default. */
  readonly author?: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  labels: string[];
  assignees: string[];
  locked: boolean;
  /** A pull request is an issue, too. */
  readonly pull?: Pull;
  readonly createdAt: string;
  updatedAt: string;
  readonly comments: Comment[];
}

export interface Pull {
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly draft?: boolean;
  readonly merged?: boolean;
  /** `owner/name` of a fork. */
  readonly headRepository?: string;
}

export interface SarifUpload {
  readonly id: string;
  readonly commitSha: string;
  readonly ref: string;
  /** As it was uploaded, unpacked. */
  readonly sarif: unknown;
  readonly errors: readonly string[];
  /** How often its state is still `pending` when asked for. */
  pendingPolls: number;
}

export interface Job {
  readonly id: number;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed' | 'waiting';
  readonly conclusion?: Schemas['job']['conclusion'];
}

/** One attempt of a workflow run; tests change it as the run goes on. */
export interface RunAttempt {
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion?: 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';
  jobs?: readonly Job[];
}

export interface Run {
  readonly id: number;
  readonly name?: string;
  readonly event?: string;
  readonly headSha?: string;
  readonly headBranch?: string;
  /** The first is attempt 1. */
  readonly attempts: RunAttempt[];
}

export interface Repository {
  readonly id: number;
  /** `owner/name`. */
  readonly fullName: string;
  readonly visibility: 'public' | 'private';
  readonly defaultBranch: string;
  /** Branches and tags by their short names. */
  readonly refs: Map<string, string>;
  /** Status checks of commits: a deployment wants all of them green unless it says otherwise. */
  readonly checks: Map<string, Record<string, 'success' | 'pending' | 'failure'>>;
  codeScanning: boolean;
  /** How often the state of an upload is `pending` before it is told. */
  sarifPendingPolls: number;
  readonly deployments: Deployment[];
  readonly issues: Issue[];
  readonly sarifs: SarifUpload[];
  readonly runs: Run[];
}

export type DeploymentRecord = Schemas['artifact-deployment-record'] & {
  readonly name: string;
  readonly version?: string;
  readonly status: 'deployed' | 'decommissioned';
};

export interface StorageRecord {
  readonly id: number;
  readonly name: string;
  readonly digest: string;
  readonly artifact_url: string | null;
  readonly registry_url: string;
  readonly repository: string | null;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Organization {
  readonly login: string;
  readonly deploymentRecords: DeploymentRecord[];
  readonly storageRecords: StorageRecord[];
}

/** All that the double knows; tests read it, and may change it between requests. */
export interface GitHubState {
  readonly tokens: Map<string, Token>;
  /** By `owner/name` in lower case: GitHub does not tell cases apart. */
  readonly repositories: Map<string, Repository>;
  readonly organizations: Map<string, Organization>;
  /** Numbers that no two things share. */
  nextId: number;
}
