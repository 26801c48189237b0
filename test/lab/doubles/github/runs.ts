import type { components } from '@octokit/openapi-types';
import { GitHubError } from './GitHubError.ts';
import type { Job, Repository, Run } from './GitHubState.ts';
import { paginate } from './paginate.ts';
import { type Call, type Route, route } from './Route.ts';

type Schemas = components['schemas'];

export const runs: readonly Route[] = [
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/actions/runs/{run_id}',
    permissions: [{ actions: 'read' }],
    documentation: 'actions/workflow-runs#get-a-workflow-run',
    handle: (call) => ({ status: 200, body: show(call, find(call)) }),
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}',
    permissions: [{ actions: 'read' }],
    documentation: 'actions/workflow-runs#get-a-workflow-run-attempt',
    handle: (call) => ({ status: 200, body: show(call, find(call)) }),
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
    permissions: [{ actions: 'read' }],
    documentation: 'actions/workflow-jobs#list-jobs-for-a-workflow-run',
    handle: (call) => listJobs(call, find(call)),
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
    permissions: [{ actions: 'read' }],
    documentation: 'actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt',
    handle: (call) => listJobs(call, find(call)),
  }),
];

/** A run in the attempt that is asked for, by default the latest. */
interface Found {
  readonly run: Run;
  readonly number: number;
}

function find({ repository, path }: Call<unknown>): Found {
  const run = repository.runs.find(({ id }) => String(id) === path.run_id);
  if (run === undefined) throw GitHubError.notFound();
  const number = Number(path.attempt_number ?? run.attempts.length);
  if (run.attempts[number - 1] === undefined) throw GitHubError.notFound();
  return { run, number };
}

function show({ asked, repository, now }: Call<unknown>, { run, number }: Found) {
  const attempt = run.attempts[number - 1];
  const url = `${asked.origin}/repos/${repository.fullName}/actions/runs/${run.id}`;
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    name: run.name ?? 'deploy',
    display_title: run.name ?? 'deploy',
    head_branch: run.headBranch ?? repository.defaultBranch,
    head_sha: run.headSha ?? repository.refs.get(repository.defaultBranch) ?? '',
    path: '.github/workflows/deploy.yml',
    run_number: 1,
    run_attempt: number,
    event: run.event ?? 'push',
    status: attempt?.status ?? null,
    conclusion: attempt?.conclusion ?? null,
    workflow_id: 1,
    url,
    html_url: `https://github.com/${repository.fullName}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    created_at: now,
    updated_at: now,
    run_started_at: now,
  } satisfies Partial<Schemas['workflow-run']>;
}

function listJobs(call: Call<unknown>, { run, number }: Found) {
  const { asked, repository, now } = call;
  const jobs = run.attempts[number - 1]?.jobs ?? [];
  const { shown, headers } = paginate(
    asked,
    jobs,
    showJob(asked.origin, repository, run, number, now),
  );
  return { status: 200, headers, body: { total_count: jobs.length, jobs: shown } };
}

function showJob(origin: string, repository: Repository, run: Run, attempt: number, now: string) {
  const url = `${origin}/repos/${repository.fullName}/actions`;
  return (job: Job) =>
    ({
      id: job.id,
      run_id: run.id,
      run_url: `${url}/runs/${run.id}`,
      run_attempt: attempt,
      node_id: `CR_${job.id}`,
      head_sha: run.headSha ?? repository.refs.get(repository.defaultBranch) ?? '',
      url: `${url}/jobs/${job.id}`,
      html_url: `https://github.com/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
      status: job.status,
      conclusion: job.conclusion ?? null,
      name: job.name,
      created_at: now,
      started_at: now,
      completed_at: job.status === 'completed' ? now : null,
      steps: [],
    }) satisfies Partial<Schemas['job']>;
}
