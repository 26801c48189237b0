import { gzipSync } from 'node:zlib';
import { getOctokit } from '@actions/github';
import { describe, expect, it } from '@jest/globals';
import type { Permissions } from './github/GitHubState.ts';
import { type GitHub, type GitHubOptions, startGitHub } from './github.ts';

const here = { owner: 'acme', repo: 'web' };
const sha = 'f'.repeat(40);
const digest = `sha256:${'a'.repeat(64)}`;

const start = (options: Partial<GitHubOptions> = {}) =>
  startGitHub({
    repositories: [
      {
        fullName: 'acme/web',
        refs: { main: sha, topic: 'e'.repeat(40) },
        pulls: [
          {
            number: 7,
            headSha: 'e'.repeat(40),
            headRef: 'topic',
            baseRef: 'main',
            baseSha: sha,
            headRepository: 'fork/web',
          },
        ],
        runs: [
          {
            id: 55,
            attempts: [
              { status: 'completed', conclusion: 'failure' },
              { status: 'in_progress', jobs: [{ id: 9, name: 'deploy', status: 'in_progress' }] },
            ],
          },
        ],
      },
      { fullName: 'acme/open', visibility: 'public' },
    ],
    tokens: {
      all: {
        actions: 'read',
        'artifact-metadata': 'write',
        deployments: 'write',
        issues: 'write',
        'pull-requests': 'write',
        'security-events': 'write',
      },
      none: {},
      elsewhere: { permissions: { issues: 'write' }, repositories: ['other/thing'] },
    },
    ...options,
  });

const client = (github: GitHub, token = 'all') =>
  getOctokit(token, { baseUrl: github.url, log: quiet }).rest;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** What Octokit throws, as far as it is the server's. */
async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => {
      throw new Error('It was not refused.');
    },
    (thrown: {
      status: number;
      response?: { data: unknown; headers: Record<string, string | undefined> };
    }) => thrown,
  );
  return {
    status: error.status,
    data: error.response?.data,
    headers: error.response?.headers ?? {},
  };
}

describe('deployments', () => {
  it('are made, go through their states, and retire earlier ones', async () => {
    await using github = await start();
    const { repos } = client(github);
    const make = async (environment: string) => {
      const { data, status } = await repos.createDeployment({
        ...here,
        ref: 'main',
        environment,
        required_contexts: [],
        payload: { digest },
      });
      expect(status).toBe(201);
      if (!('id' in data)) throw new Error('merged');
      return data;
    };
    const first = await make('staging');
    expect(first).toMatchObject({ sha, ref: 'main', task: 'deploy', payload: { digest } });
    const report = (deployment_id: number, state: 'in_progress' | 'success') =>
      repos.createDeploymentStatus({
        ...here,
        deployment_id,
        state,
        log_url: 'https://github.com/acme/web/actions/runs/55',
        environment_url: 'https://web.example',
        description: 'x'.repeat(140),
      });
    await report(first.id, 'in_progress');
    expect((await report(first.id, 'success')).data).toMatchObject({
      state: 'success',
      environment: 'staging',
      target_url: 'https://github.com/acme/web/actions/runs/55',
    });
    const second = await make('staging');
    await report(second.id, 'success');
    const { data: statuses } = await repos.listDeploymentStatuses({
      ...here,
      deployment_id: first.id,
    });
    expect(statuses.map(({ state }) => state)).toEqual(['inactive', 'success', 'in_progress']);

    const { data: listed } = await repos.listDeployments({ ...here, environment: 'staging' });
    expect(listed.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await repos.listDeployments({ ...here, environment: 'other' })).data).toEqual([]);

    expect(
      await refusal(repos.deleteDeployment({ ...here, deployment_id: second.id })),
    ).toMatchObject({ status: 422, data: { message: expect.stringContaining('active') } });
    await repos.deleteDeployment({ ...here, deployment_id: first.id });
    expect(github.repository('acme/web').deployments.map(({ id }) => id)).toEqual([second.id]);
  });

  it('leave earlier production ones as they are', async () => {
    await using github = await start();
    const { repos } = client(github);
    for (let index = 0; index < 2; index++) {
      const { data } = await repos.createDeployment({
        ...here,
        ref: sha,
        required_contexts: [],
      });
      const deployment_id = 'id' in data ? data.id : 0;
      await repos.createDeploymentStatus({ ...here, deployment_id, state: 'success' });
    }
    const states = github
      .repository('acme/web')
      .deployments.map(({ statuses }) => statuses.map(({ state }) => state));
    expect(states).toEqual([['success'], ['success']]);
  });

  it('wait for checks unless told not to', async () => {
    await using github = await start();
    github.repository('acme/web').checks.set(sha, { test: 'success', deploy: 'pending' });
    const { repos } = client(github);
    expect(await refusal(repos.createDeployment({ ...here, ref: 'main' }))).toMatchObject({
      status: 409,
      data: { message: 'Conflict: Commit status checks failed for main.' },
    });
    const { status } = await repos.createDeployment({
      ...here,
      ref: 'main',
      required_contexts: ['test'],
    });
    expect(status).toBe(201);
  });

  it.each([
    [{ ref: 'nowhere' }, 'No ref found for: nowhere'],
    [{ ref: undefined }, 'Invalid request.\n\n"ref" wasn\'t supplied.'],
    [{ ref: 'main', enviroment: 'x' }, 'Invalid request.\n\n"enviroment" is not a permitted key.'],
    [{ ref: 'main', task: 1 }, "Invalid request.\n\nFor 'properties/task', 1 is not a string."],
  ])('are refused: %j', async (body, message) => {
    await using github = await start();
    const asked = client(github).repos.createDeployment({ ...here, ...body } as never);
    expect(await refusal(asked)).toMatchObject({
      status: 422,
      data: {
        message,
        documentation_url:
          'https://docs.github.com/rest/deployments/deployments#create-a-deployment',
        status: '422',
      },
    });
    expect(github.repository('acme/web').deployments).toEqual([]);
  });

  it.each([
    [
      { state: 'done' },
      'Invalid request.\n\nFor \'properties/state\', "done" is not a member of ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"].',
      undefined,
    ],
    [
      { state: 'success', description: 'x'.repeat(141) },
      'Validation Failed',
      'description is too long (maximum is 140 characters)',
    ],
    [
      { state: 'success', environment_url: 'web.example' },
      'Validation Failed',
      'environment_url must use http(s) scheme',
    ],
  ])('have strict statuses: %j', async (body, message, detail) => {
    await using github = await start();
    const { repos } = client(github);
    const { data } = await repos.createDeployment({ ...here, ref: 'main' });
    const deployment_id = 'id' in data ? data.id : 0;
    const asked = repos.createDeploymentStatus({ ...here, deployment_id, ...body } as never);
    expect(await refusal(asked)).toMatchObject({
      status: 422,
      data: {
        message,
        ...(detail !== undefined && {
          errors: [{ resource: 'DeploymentStatus', code: 'custom', message: detail }],
        }),
      },
    });
  });
});

describe('comments', () => {
  it('are made, listed by pages, changed and deleted', async () => {
    await using github = await start();
    const octokit = getOctokit('all', { baseUrl: github.url });
    const { issues } = octokit.rest;
    for (let index = 1; index <= 45; index++) {
      await issues.createComment({ ...here, issue_number: 7, body: `comment ${index}` });
    }
    const first = await issues.listComments({ ...here, issue_number: 7 });
    expect(first.data).toHaveLength(30);
    expect(first.headers.link).toBe(
      `<${github.url}/repos/acme/web/issues/7/comments?page=2>; rel="next", <${github.url}/repos/acme/web/issues/7/comments?page=2>; rel="last"`,
    );
    const last = await issues.listComments({ ...here, issue_number: 7, page: 2 });
    expect(last.data).toHaveLength(15);
    expect(last.headers.link).toMatch(/^<[^>]*page=1>; rel="prev", <[^>]*page=1>; rel="first"$/);
    const all = await octokit.paginate(issues.listComments, {
      ...here,
      issue_number: 7,
      per_page: 20,
    });
    expect(all.map(({ body }) => body)).toEqual(
      Array.from({ length: 45 }, (_, index) => `comment ${index + 1}`),
    );
    const comment_id = all[0]?.id ?? 0;
    const changed = await issues.updateComment({ ...here, comment_id, body: 'new' });
    expect(changed.data.body).toBe('new');
    expect((await issues.getComment({ ...here, comment_id })).data.body).toBe('new');
    await issues.deleteComment({ ...here, comment_id });
    expect(await refusal(issues.getComment({ ...here, comment_id }))).toMatchObject({
      status: 404,
      data: { message: 'Not Found', status: '404' },
    });
    expect(github.repository('acme/web').issues[0]?.comments).toHaveLength(44);
  });

  it.each([
    ['x'.repeat(65_537), 'Body is too long (maximum is 65536 characters)'],
    ['  ', 'Body cannot be blank'],
  ])('have a body that fits', async (body, message) => {
    await using github = await start();
    const asked = client(github).issues.createComment({ ...here, issue_number: 7, body });
    expect(await refusal(asked)).toMatchObject({
      status: 422,
      data: {
        message: 'Validation Failed',
        errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
      },
    });
  });

  it('are not made on a locked conversation', async () => {
    await using github = await start();
    const issue = github.repository('acme/web').issues[0];
    if (issue) issue.locked = true;
    const asked = client(github).issues.createComment({ ...here, issue_number: 7, body: 'x' });
    expect(await refusal(asked)).toMatchObject({ status: 403 });
  });
});

describe('who one is', () => {
  it.each([
    ['all', 'github-actions[bot]'],
    ['app', 'acme-gate[bot]'],
  ])('is told to the token %s', async (token, login) => {
    await using github = await start();
    github.state.tokens.set('app', { permissions: {}, login: 'acme-gate[bot]' });
    const { graphql } = getOctokit(token, { baseUrl: github.url, log: quiet });
    expect(await graphql('query { viewer { login } }')).toEqual({ viewer: { login } });
    await expect(graphql('{ repository { id } }')).rejects.toThrow('the viewer only');
  });
});

describe('issues', () => {
  it('are made, found by label, closed', async () => {
    await using github = await start();
    const { issues } = client(github);
    const { data: made } = await issues.create({
      ...here,
      title: 'Vulnerable',
      body: 'b',
      labels: ['gate'],
    });
    expect(made).toMatchObject({ number: 8, state: 'open', labels: [{ name: 'gate' }] });
    const list = async (query: { labels?: string; state?: 'open' | 'closed' | 'all' }) =>
      (await issues.listForRepo({ ...here, ...query })).data.map(({ number }) => number);
    expect(await list({ labels: 'gate' })).toEqual([8]);
    expect(await list({})).toEqual([8, 7]);
    const closed = await issues.update({ ...here, issue_number: 8, state: 'closed' });
    expect(closed.data).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(await list({})).toEqual([7]);
    expect(await list({ state: 'all' })).toEqual([8, 7]);
    const { data: listed } = await issues.listForRepo({ ...here });
    expect(listed[0]?.pull_request).toBeDefined();
  });

  it('want a title', async () => {
    await using github = await start();
    const asked = client(github).issues.create({ ...here, title: ' ' });
    expect(await refusal(asked)).toMatchObject({
      status: 422,
      data: { errors: [{ resource: 'Issue', code: 'missing_field', field: 'title' }] },
    });
  });
});

describe('code scanning', () => {
  const file = (runs: unknown) => ({ version: '2.1.0', runs });
  const run = (more: object = {}) => ({
    tool: { driver: { name: 'trivy', rules: [] } },
    results: [{ message: { text: 'm' }, locations: [{}] }],
    ...more,
  });
  const pack = (sarif: unknown) => gzipSync(JSON.stringify(sarif)).toString('base64');
  const at = { ...here, commit_sha: sha, ref: 'refs/heads/main' };

  it('takes an upload and tells later what became of it', async () => {
    await using github = await start();
    const { codeScanning } = client(github);
    const { status, data } = await codeScanning.uploadSarif({ ...at, sarif: pack(file([run()])) });
    expect(status).toBe(202);
    const state = async () =>
      (await codeScanning.getSarif({ ...here, sarif_id: data.id ?? '' })).data;
    expect(await state()).toEqual({ processing_status: 'pending' });
    expect(await state()).toMatchObject({ processing_status: 'complete', errors: null });
    expect(github.repository('acme/web').sarifs[0]).toMatchObject({
      commitSha: sha,
      sarif: file([run()]),
    });
  });

  it.each<[string, unknown, string]>([
    [
      'too many results',
      file([run({ results: Array(25_001).fill({ message: {}, locations: [{}] }) })]),
      'rejecting SARIF, as there are more results per run than allowed (25001 > 25000)',
    ],
    [
      'too many runs',
      file(Array.from({ length: 21 }, (_, id) => run({ automationDetails: { id: `${id}` } }))),
      'rejecting SARIF, as there are more runs than allowed (21 > 20)',
    ],
    [
      'a category twice',
      file([run(), run()]),
      'rejecting SARIF, as there are multiple runs with the same category',
    ],
    [
      'a result without a place',
      file([run({ results: [{ message: {} }] })]),
      'locationFromSarifResult: expected at least one location',
    ],
  ])('fails later at %s', async (_name, sarif, error) => {
    await using github = await start();
    github.repository('acme/web').sarifPendingPolls = 0;
    const { codeScanning } = client(github);
    const { data } = await codeScanning.uploadSarif({ ...at, sarif: pack(sarif) });
    expect((await codeScanning.getSarif({ ...here, sarif_id: data.id ?? '' })).data).toEqual({
      processing_status: 'failed',
      analyses_url: null,
      errors: [error],
    });
  });

  it.each<[string, object, number, string]>([
    ['plain text', { sarif: JSON.stringify(file([])) }, 400, 'Base64'],
    ['text that is not packed', { sarif: Buffer.from('{}').toString('base64') }, 400, 'gzip'],
    ['a short commit', { commit_sha: 'abc' }, 422, 'commit_sha'],
    ['a short ref', { ref: 'main' }, 422, 'ref'],
    [
      'more than 10 MB',
      { sarif: Buffer.alloc(10 * 1024 * 1024 + 1).toString('base64') },
      413,
      'large',
    ],
  ])('refuses %s at once', async (_name, more, status, message) => {
    await using github = await start();
    const asked = client(github).codeScanning.uploadSarif({
      ...at,
      sarif: pack(file([run()])),
      ...more,
    });
    expect(await refusal(asked)).toMatchObject({
      status,
      data: { message: expect.stringContaining(message) },
    });
  });

  it('says that it is off', async () => {
    await using github = await start();
    github.repository('acme/web').codeScanning = false;
    const asked = client(github).codeScanning.uploadSarif({ ...at, sarif: pack(file([run()])) });
    expect(await refusal(asked)).toMatchObject({
      status: 403,
      data: { message: expect.stringContaining('Code scanning is not enabled') },
    });
  });
});

describe('workflow runs', () => {
  it('show their latest attempt, earlier ones, and jobs', async () => {
    await using github = await start();
    const { actions } = client(github);
    const run_id = 55;
    expect((await actions.getWorkflowRun({ ...here, run_id })).data).toMatchObject({
      status: 'in_progress',
      conclusion: null,
      run_attempt: 2,
    });
    const first = await actions.getWorkflowRunAttempt({ ...here, run_id, attempt_number: 1 });
    expect(first.data).toMatchObject({ status: 'completed', conclusion: 'failure' });
    const jobs = await actions.listJobsForWorkflowRun({ ...here, run_id });
    expect(jobs.data).toMatchObject({ total_count: 1, jobs: [{ id: 9, name: 'deploy' }] });
    const [run] = github.repository('acme/web').runs;
    Object.assign(run?.attempts[1] ?? {}, { status: 'completed', conclusion: 'cancelled' });
    expect((await actions.getWorkflowRun({ ...here, run_id })).data.conclusion).toBe('cancelled');
    expect((await refusal(actions.getWorkflowRun({ ...here, run_id: 56 }))).status).toBe(404);
  });
});

describe('pull requests', () => {
  it('tell where they come from', async () => {
    await using github = await start();
    const { data } = await client(github).pulls.get({ ...here, pull_number: 7 });
    expect(data).toMatchObject({
      number: 7,
      state: 'open',
      head: { sha: 'e'.repeat(40), repo: { full_name: 'fork/web', fork: true } },
      base: { ref: 'main', repo: { full_name: 'acme/web', fork: false } },
    });
  });
});

describe('artifact metadata', () => {
  const record = {
    org: 'acme',
    name: 'acme/web',
    digest,
    status: 'deployed',
    logical_environment: 'prod',
    cluster: 'aks-1',
    deployment_name: 'web-web-web',
    github_repository: 'web',
  } as const;
  const path = 'POST /orgs/{org}/artifacts/metadata/deployment-record';

  it('keeps one deployment record a name, and changes it', async () => {
    await using github = await start();
    const { request } = getOctokit('all', { baseUrl: github.url });
    const first = await request(path, record);
    expect(first.data).toMatchObject({
      total_count: 1,
      deployment_records: [{ digest, cluster: 'aks-1', deployment_name: 'web-web-web' }],
    });
    const other = `sha256:${'b'.repeat(64)}`;
    const { data } = await request(path, { ...record, digest: other, return_records: false });
    expect(data).toEqual({ total_count: 1 });
    expect(github.organization('acme').deploymentRecords).toMatchObject([
      { digest: other, name: 'acme/web', status: 'deployed' },
    ]);
    const list = 'GET /orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records';
    const found = await request(list, { org: 'acme', subject_digest: other });
    expect(found.data.total_count).toBe(1);
    const gone = await request(list, { org: 'acme', subject_digest: digest });
    expect(gone.data.total_count).toBe(0);
  });

  it("sets a whole cluster's records", async () => {
    await using github = await start();
    const { request } = getOctokit('all', { baseUrl: github.url });
    const { data } = await request(`${path}/cluster/{cluster}`, {
      org: 'acme',
      cluster: 'aks-1',
      logical_environment: 'prod',
      deployments: [
        { name: 'a', digest, deployment_name: 'a' },
        { name: 'b', digest, deployment_name: 'b' },
      ],
    });
    expect(data.total_count).toBe(2);
  });

  it('keeps storage records', async () => {
    await using github = await start();
    const { data } = await client(github).orgs.createArtifactStorageRecord({
      org: 'acme',
      name: 'acme/web',
      digest,
      registry_url: 'https://acme.azurecr.io/',
      repository: 'web',
    });
    expect(data.storage_records).toMatchObject([{ digest, status: 'active' }]);
  });

  it.each<[string, object, number]>([
    ['a digest without its algorithm', { digest: 'a'.repeat(64) }, 422],
    ['another status', { status: 'running' }, 422],
    ['an unknown field', { environment: 'prod' }, 422],
    ['a repository of somebody else', { github_repository: 'elsewhere' }, 404],
    ['an organization that is not there', { org: 'nobody' }, 404],
  ])('refuses %s', async (_name, more, status) => {
    await using github = await start();
    const { request } = getOctokit('all', { baseUrl: github.url });
    expect((await refusal(request(path, { ...record, ...more }))).status).toBe(status);
    expect(github.organization('acme').deploymentRecords).toEqual([]);
  });
});

describe('tokens', () => {
  it.each<[string, Permissions, (rest: ReturnType<typeof client>) => Promise<unknown>, string]>([
    [
      'deployments',
      { deployments: 'read' },
      (rest) => rest.repos.createDeployment({ ...here, ref: 'main' }),
      'deployments=write',
    ],
    [
      'comments',
      { issues: 'read' },
      (rest) => rest.issues.createComment({ ...here, issue_number: 7, body: 'x' }),
      'issues=write; pull_requests=write',
    ],
    [
      'issues',
      { 'pull-requests': 'write' },
      (rest) => rest.issues.create({ ...here, title: 'x' }),
      'issues=write',
    ],
    [
      'code scanning',
      { contents: 'write' },
      (rest) =>
        rest.codeScanning.uploadSarif({ ...here, commit_sha: sha, ref: 'refs/heads/x', sarif: '' }),
      'security_events=write',
    ],
    ['runs', {}, (rest) => rest.actions.getWorkflowRun({ ...here, run_id: 55 }), 'actions=read'],
  ])('need a permission for %s', async (_name, permissions, ask, accepted) => {
    await using github = await start({ tokens: { some: permissions } });
    expect(await refusal(ask(client(github, 'some')))).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration', status: '403' },
      headers: { 'x-accepted-github-permissions': accepted },
    });
  });

  it('with the permission for pull requests comment on those, not on issues', async () => {
    await using github = await start({ tokens: { some: { 'pull-requests': 'write' } } });
    github.state.tokens.set('issues', { permissions: { issues: 'write' } });
    await client(github, 'issues').issues.create({ ...here, title: 'x' });
    const { issues } = client(github, 'some');
    const comment = (issue_number: number) =>
      issues.createComment({ ...here, issue_number, body: 'x' });
    expect((await comment(7)).status).toBe(201);
    expect((await refusal(comment(8))).status).toBe(403);
  });

  it('see their own repositories, and the public ones to read', async () => {
    await using github = await start();
    const { issues } = client(github, 'elsewhere');
    expect((await refusal(issues.listForRepo(here))).status).toBe(404);
    const open = { owner: 'acme', repo: 'open' };
    expect((await issues.listForRepo(open)).status).toBe(200);
    expect((await refusal(issues.create({ ...open, title: 'x' }))).status).toBe(403);
  });

  it('that are unknown or absent are refused', async () => {
    await using github = await start();
    expect(await refusal(client(github, 'wrong').issues.listForRepo(here))).toMatchObject({
      status: 401,
      data: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' },
    });
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${github.url}/repos/acme/web/issues`, { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'token all', 'user-agent': '' })).toBe(403);
    expect(await status({ authorization: 'token all', 'x-github-api-version': '2020-01-01' })).toBe(
      400,
    );
    expect(await status({ authorization: 'token all' })).toBe(200);
  });
});

describe('limits', () => {
  it('are counted in every answer', async () => {
    await using github = await start({ hourly: 3 });
    const { issues, rateLimit } = client(github);
    await rateLimit.get();
    const { headers } = await issues.listForRepo(here);
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '2',
      'x-ratelimit-resource': 'core',
    });
    await issues.listForRepo(here);
    await issues.listForRepo(here);
    expect(await refusal(issues.listForRepo(here))).toMatchObject({
      status: 403,
      data: { message: expect.stringMatching(/^API rate limit exceeded/) },
      headers: { 'x-ratelimit-remaining': '0' },
    });
  });

  it.each([
    [{ kind: 'secondary', status: 403, retryAfter: 60, times: 1 } as const, '60'],
    [{ kind: 'secondary', status: 429, times: 1 } as const, undefined],
  ])('are hit on demand: %j', async (fault, retryAfter) => {
    await using github = await start();
    const { issues } = client(github);
    github.limit(fault);
    const { status, data, headers } = await refusal(issues.listForRepo(here));
    expect(status).toBe(fault.status);
    expect(data).toMatchObject({ message: expect.stringContaining('secondary rate limit') });
    expect(headers['retry-after']).toBe(retryAfter);
    expect((await issues.listForRepo(here)).status).toBe(200);
  });
});

describe('requests', () => {
  it('that are not JSON, or go nowhere, are refused', async () => {
    await using github = await start();
    const ask = async (method: string, path: string, body?: string) => {
      const response = await fetch(`${github.url}${path}`, {
        method,
        headers: { authorization: 'Bearer all' },
        ...(body !== undefined && { body }),
      });
      return [response.status, ((await response.json()) as { message: string }).message];
    };
    const issues = '/repos/acme/web/issues';
    expect(await ask('POST', issues, '{')).toEqual([400, 'Problems parsing JSON']);
    expect(await ask('POST', issues, '[]')).toEqual([400, 'Body should be a JSON object']);
    expect(await ask('PUT', issues, '{}')).toEqual([404, 'Not Found']);
    expect(await ask('GET', '/nothing')).toEqual([404, 'Not Found']);
    expect(github.requests.map(({ status }) => status)).toEqual([400, 400, 404, 404]);
  });

  it('may come by the folder of GitHub Enterprise Server', async () => {
    await using github = await start();
    const octokit = getOctokit('all', { baseUrl: `${github.url}/api/v3` });
    expect((await octokit.rest.issues.listForRepo(here)).status).toBe(200);
  });
});
