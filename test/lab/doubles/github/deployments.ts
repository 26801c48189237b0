import type { components } from '@octokit/openapi-types';
import * as v from 'valibot';
import { GitHubError } from './GitHubError.ts';
import type { Deployment, DeploymentStatus, Repository } from './GitHubState.ts';
import { answerPage } from './paginate.ts';
import { actionsBot } from './people.ts';
import { type Call, type Route, route } from './Route.ts';

type Schemas = components['schemas'];

const newDeployment = v.strictObject({
  ref: v.string(),
  task: v.optional(v.string()),
  auto_merge: v.optional(v.boolean()),
  required_contexts: v.optional(v.nullable(v.array(v.string()))),
  payload: v.optional(v.union([v.record(v.string(), v.unknown()), v.string()])),
  environment: v.optional(v.string()),
  description: v.optional(v.nullable(v.string())),
  transient_environment: v.optional(v.boolean()),
  production_environment: v.optional(v.boolean()),
});

const newStatus = v.strictObject({
  state: v.picklist([
    'error',
    'failure',
    'inactive',
    'in_progress',
    'queued',
    'pending',
    'success',
  ]),
  target_url: v.optional(v.string()),
  log_url: v.optional(v.string()),
  description: v.optional(v.string()),
  environment: v.optional(v.string()),
  environment_url: v.optional(v.string()),
  auto_inactive: v.optional(v.boolean()),
});

const longestDescription = 140;

export const deployments: readonly Route[] = [
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/deployments',
    permissions: [{ deployments: 'read' }],
    documentation: 'deployments/deployments#list-deployments',
    handle: ({ asked, repository }) => {
      const wanted = repository.deployments.filter((deployment) =>
        (['sha', 'ref', 'task', 'environment'] as const).every((name) => {
          const value = asked.query.get(name) ?? 'none';
          return value === 'none' || value === deployment[name];
        }),
      );
      return answerPage(asked, wanted.toReversed(), show(asked.origin, repository));
    },
  }),
  route({
    method: 'POST',
    pattern: '/repos/{owner}/{repo}/deployments',
    permissions: [{ deployments: 'write' }],
    documentation: 'deployments/deployments#create-a-deployment',
    body: newDeployment,
    handle: create,
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/deployments/{deployment_id}',
    permissions: [{ deployments: 'read' }],
    documentation: 'deployments/deployments#get-a-deployment',
    handle: (call) => ({
      status: 200,
      body: show(call.asked.origin, call.repository)(find(call)),
    }),
  }),
  route({
    method: 'DELETE',
    pattern: '/repos/{owner}/{repo}/deployments/{deployment_id}',
    permissions: [{ deployments: 'write' }],
    documentation: 'deployments/deployments#delete-a-deployment',
    handle: (call) => {
      const deployment = find(call);
      const all = call.repository.deployments;
      if (all.length > 1 && isActive(deployment)) {
        throw new GitHubError({
          status: 422,
          message:
            'We cannot delete an active deployment unless it is the only deployment in a given environment.',
        });
      }
      all.splice(all.indexOf(deployment), 1);
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    permissions: [{ deployments: 'read' }],
    documentation: 'deployments/statuses#list-deployment-statuses',
    handle: (call) => {
      const deployment = find(call);
      return answerPage(
        call.asked,
        deployment.statuses.toReversed(),
        showStatus(call.asked.origin, call.repository, deployment),
      );
    },
  }),
  route({
    method: 'POST',
    pattern: '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    permissions: [{ deployments: 'write' }],
    documentation: 'deployments/statuses#create-a-deployment-status',
    body: newStatus,
    handle: createStatus,
  }),
];

function create({
  state,
  asked,
  repository,
  body,
  now,
}: Call<v.InferOutput<typeof newDeployment>>) {
  const sha =
    repository.refs.get(body.ref) ??
    [...repository.refs.values()].find((known) => known === body.ref);
  if (sha === undefined) {
    throw new GitHubError({ status: 422, message: `No ref found for: ${body.ref}` });
  }
  const checks = repository.checks.get(sha) ?? {};
  const required = body.required_contexts ?? Object.keys(checks);
  const open = required.filter((context) => checks[context] !== 'success');
  if (open.length > 0) {
    // The running job is such a check itself: without `required_contexts: []` it waits for itself.
    throw new GitHubError({
      status: 409,
      message: `Conflict: Commit status checks failed for ${body.ref}.`,
    });
  }
  const environment = body.environment ?? 'production';
  const deployment: Deployment = {
    id: state.nextId++,
    ref: body.ref,
    sha,
    task: body.task ?? 'deploy',
    payload: body.payload ?? {},
    originalEnvironment: environment,
    environment,
    description: body.description ?? null,
    transient: body.transient_environment ?? false,
    production: body.production_environment ?? environment === 'production',
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  return { status: 201, body: show(asked.origin, repository)(deployment) };
}

function createStatus(call: Call<v.InferOutput<typeof newStatus>>) {
  const { state, asked, repository, body, now } = call;
  const deployment = find(call);
  const refuse = (field: string, message: string) =>
    GitHubError.validationFailed({ resource: 'DeploymentStatus', code: 'custom', field, message });
  if ((body.description ?? '').length > longestDescription) {
    throw refuse(
      'description',
      `description is too long (maximum is ${longestDescription} characters)`,
    );
  }
  for (const field of ['environment_url', 'log_url', 'target_url'] as const) {
    if (body[field] && !/^https?:\/\//.test(body[field])) {
      throw refuse(field, `${field} must use http(s) scheme`);
    }
  }
  const environment = body.environment ?? deployment.environment;
  const at = { id: state.nextId++, at: now };
  const status: DeploymentStatus = {
    ...at,
    state: body.state,
    description: body.description ?? '',
    environment,
    environmentUrl: body.environment_url ?? '',
    logUrl: body.log_url ?? body.target_url ?? '',
  };
  deployment.statuses.push(status);
  deployment.environment = environment;
  deployment.updatedAt = now;
  if (body.state === 'success' && body.auto_inactive !== false) {
    retire(repository, deployment, () => ({ id: state.nextId++, at: now }));
  }
  return {
    status: 201,
    body: showStatus(asked.origin, repository, deployment)(status),
  };
}

/** Earlier deployments that were a success there are so no more; production and transient ones stay. */
function retire(
  repository: Repository,
  current: Deployment,
  mark: () => Pick<DeploymentStatus, 'id' | 'at'>,
): void {
  for (const earlier of repository.deployments) {
    if (earlier.id >= current.id || earlier.environment !== current.environment) continue;
    if (earlier.transient || earlier.production) continue;
    const last = earlier.statuses.at(-1);
    if (last?.state === 'success') earlier.statuses.push({ ...last, ...mark(), state: 'inactive' });
  }
}

function isActive({ statuses }: Deployment): boolean {
  const state = statuses.at(-1)?.state;
  return state === undefined || ['success', 'pending', 'queued', 'in_progress'].includes(state);
}

function find({ repository, path }: Call<unknown>): Deployment {
  const deployment = repository.deployments.find(({ id }) => String(id) === path.deployment_id);
  if (deployment === undefined) throw GitHubError.notFound();
  return deployment;
}

function show(origin: string, { fullName }: Repository) {
  const repositoryUrl = `${origin}/repos/${fullName}`;
  return (deployment: Deployment) =>
    ({
      url: `${repositoryUrl}/deployments/${deployment.id}`,
      id: deployment.id,
      node_id: `DE_${deployment.id}`,
      sha: deployment.sha,
      ref: deployment.ref,
      task: deployment.task,
      payload: deployment.payload,
      original_environment: deployment.originalEnvironment,
      environment: deployment.environment,
      description: deployment.description,
      creator: actionsBot() as Schemas['simple-user'],
      created_at: deployment.createdAt,
      updated_at: deployment.updatedAt,
      statuses_url: `${repositoryUrl}/deployments/${deployment.id}/statuses`,
      repository_url: repositoryUrl,
      transient_environment: deployment.transient,
      production_environment: deployment.production,
    }) satisfies Partial<Schemas['deployment']>;
}

function showStatus(origin: string, { fullName }: Repository, { id }: Deployment) {
  const repositoryUrl = `${origin}/repos/${fullName}`;
  return (status: DeploymentStatus) =>
    ({
      url: `${repositoryUrl}/deployments/${id}/statuses/${status.id}`,
      id: status.id,
      node_id: `DES_${status.id}`,
      state: status.state,
      creator: actionsBot() as Schemas['simple-user'],
      description: status.description,
      environment: status.environment,
      target_url: status.logUrl,
      log_url: status.logUrl,
      environment_url: status.environmentUrl,
      created_at: status.at,
      updated_at: status.at,
      deployment_url: `${repositoryUrl}/deployments/${id}`,
      repository_url: repositoryUrl,
    }) satisfies Partial<Schemas['deployment-status']>;
}
