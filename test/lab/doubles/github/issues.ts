import type { components } from '@octokit/openapi-types';
import * as v from 'valibot';
import { GitHubError } from './GitHubError.ts';
import type { Comment, Issue, Repository } from './GitHubState.ts';
import { answerPage } from './paginate.ts';
import { actionsBot, somebody } from './people.ts';
import { type Call, type Route, route } from './Route.ts';

type Schemas = components['schemas'];

const longestBody = 65_536;
const longestTitle = 256;

const label = v.union([v.string(), v.object({ name: v.string() })]);
const newIssue = v.strictObject({
  title: v.union([v.string(), v.number()]),
  body: v.optional(v.nullable(v.string())),
  labels: v.optional(v.array(label)),
  assignees: v.optional(v.array(v.string())),
  milestone: v.optional(v.nullable(v.number())),
});
const issueUpdate = v.strictObject({
  title: v.optional(v.nullable(v.union([v.string(), v.number()]))),
  body: v.optional(v.nullable(v.string())),
  state: v.optional(v.picklist(['open', 'closed'])),
  state_reason: v.optional(
    v.nullable(v.picklist(['completed', 'not_planned', 'duplicate', 'reopened'])),
  ),
  labels: v.optional(v.array(label)),
  assignees: v.optional(v.array(v.string())),
  milestone: v.optional(v.nullable(v.number())),
});
const commentBody = v.strictObject({ body: v.string() });

const read = [{ issues: 'read' }, { 'pull-requests': 'read' }] as const;
const write = [{ issues: 'write' }, { 'pull-requests': 'write' }] as const;

export const issues: readonly Route[] = [
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/issues',
    permissions: [{ issues: 'read' }],
    documentation: 'issues/issues#list-repository-issues',
    handle: ({ asked, repository }) => {
      const state = asked.query.get('state') ?? 'open';
      const labels = asked.query.get('labels')?.split(',').filter(Boolean) ?? [];
      const creator = asked.query.get('creator');
      const wanted = repository.issues.filter(
        (issue) =>
          (state === 'all' || issue.state === state) &&
          (creator === null || creator === (issue.author ?? actionsBot().login)) &&
          labels.every((name) => issue.labels.includes(name)),
      );
      if (asked.query.get('direction') !== 'asc') wanted.reverse();
      return answerPage(asked, wanted, show(asked.origin, repository));
    },
  }),
  route({
    method: 'POST',
    pattern: '/repos/{owner}/{repo}/issues',
    permissions: [{ issues: 'write' }],
    documentation: 'issues/issues#create-an-issue',
    body: newIssue,
    handle: ({ state, asked, repository, body, now, token }) => {
      const issue: Issue = {
        ...(token.login !== undefined && { author: token.login }),
        number: Math.max(0, ...repository.issues.map(({ number }) => number)) + 1,
        title: checkTitle(body.title),
        body: checkIssueBody(body.body ?? null),
        state: 'open',
        stateReason: null,
        labels: labelNames(body.labels ?? []),
        assignees: body.assignees ?? [],
        locked: false,
        createdAt: now,
        updatedAt: now,
        comments: [],
      };
      state.nextId++;
      repository.issues.push(issue);
      return { status: 201, body: show(asked.origin, repository)(issue) };
    },
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/issues/{issue_number}',
    permissions: read,
    documentation: 'issues/issues#get-an-issue',
    handle: (call) => ({
      status: 200,
      body: show(call.asked.origin, call.repository)(find(call, 'read')),
    }),
  }),
  route({
    method: 'PATCH',
    pattern: '/repos/{owner}/{repo}/issues/{issue_number}',
    permissions: write,
    documentation: 'issues/issues#update-an-issue',
    body: issueUpdate,
    handle: update,
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    permissions: read,
    documentation: 'issues/comments#list-issue-comments',
    handle: (call) => {
      const issue = find(call, 'read');
      const since = call.asked.query.get('since') ?? '';
      const wanted = issue.comments.filter(({ updatedAt }) => updatedAt >= since);
      return answerPage(call.asked, wanted, showComment(call.asked.origin, call.repository, issue));
    },
  }),
  route({
    method: 'POST',
    pattern: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    permissions: write,
    documentation: 'issues/comments#create-an-issue-comment',
    body: commentBody,
    handle: (call) => {
      const { state, asked, repository, body, now, token } = call;
      const issue = find(call, 'write');
      if (issue.locked) {
        throw new GitHubError({
          status: 403,
          message: 'Unable to create comment because issue is locked.',
        });
      }
      const comment: Comment = {
        ...(token.login !== undefined && { author: token.login }),
        id: state.nextId++,
        body: checkComment(body.body),
        createdAt: now,
        updatedAt: now,
      };
      issue.comments.push(comment);
      return { status: 201, body: showComment(asked.origin, repository, issue)(comment) };
    },
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    permissions: read,
    documentation: 'issues/comments#get-an-issue-comment',
    handle: (call) => {
      const { issue, comment } = findComment(call, 'read');
      return {
        status: 200,
        body: showComment(call.asked.origin, call.repository, issue)(comment),
      };
    },
  }),
  route({
    method: 'PATCH',
    pattern: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    permissions: write,
    documentation: 'issues/comments#update-an-issue-comment',
    body: commentBody,
    handle: (call) => {
      const { issue, comment } = findComment(call, 'write');
      comment.body = checkComment(call.body.body);
      comment.updatedAt = call.now;
      return {
        status: 200,
        body: showComment(call.asked.origin, call.repository, issue)(comment),
      };
    },
  }),
  route({
    method: 'DELETE',
    pattern: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    permissions: write,
    documentation: 'issues/comments#delete-an-issue-comment',
    handle: (call) => {
      const { issue, comment } = findComment(call, 'write');
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      return { status: 204 };
    },
  }),
];

function update(call: Call<v.InferOutput<typeof issueUpdate>>) {
  const { asked, repository, body, now } = call;
  const issue = find(call, 'write');
  if (body.title !== undefined && body.title !== null) issue.title = checkTitle(body.title);
  if (body.body !== undefined) issue.body = checkIssueBody(body.body);
  if (body.state !== undefined && body.state !== issue.state) {
    issue.state = body.state;
    issue.stateReason = body.state === 'closed' ? 'completed' : 'reopened';
  }
  if (body.state_reason !== undefined) issue.stateReason = body.state_reason;
  if (body.labels !== undefined) issue.labels = labelNames(body.labels);
  if (body.assignees !== undefined) issue.assignees = body.assignees;
  issue.updatedAt = now;
  return { status: 200, body: show(asked.origin, repository)(issue) };
}

/** The permission over pull requests reaches pull requests only. */
function find({ repository, path, permissions }: Call<unknown>, need: 'read' | 'write'): Issue {
  const issue = repository.issues.find(({ number }) => String(number) === path.issue_number);
  if (issue === undefined) throw GitHubError.notFound();
  checkReach(issue, permissions.issues, need);
  return issue;
}

function findComment({ repository, path, permissions }: Call<unknown>, need: 'read' | 'write') {
  for (const issue of repository.issues) {
    const comment = issue.comments.find(({ id }) => String(id) === path.comment_id);
    if (comment === undefined) continue;
    checkReach(issue, permissions.issues, need);
    return { issue, comment };
  }
  throw GitHubError.notFound();
}

function checkReach(issue: Issue, has: 'read' | 'write' | undefined, need: 'read' | 'write') {
  if (issue.pull !== undefined || has === 'write' || has === need) return;
  throw GitHubError.forbidden(`issues=${need}`);
}

function checkTitle(given: string | number): string {
  const title = String(given);
  const refuse = (code: 'missing_field' | 'custom', message?: string) =>
    GitHubError.validationFailed({
      resource: 'Issue',
      code,
      field: 'title',
      ...(message !== undefined && { message }),
    });
  if (title.trim() === '') throw refuse('missing_field');
  if (title.length > longestTitle) {
    throw refuse('custom', `title is too long (maximum is ${longestTitle} characters)`);
  }
  return title;
}

function checkIssueBody(body: string | null): string | null {
  if ((body ?? '').length <= longestBody) return body;
  throw GitHubError.validationFailed({
    resource: 'Issue',
    code: 'custom',
    field: 'body',
    message: `body is too long (maximum is ${longestBody} characters)`,
  });
}

function checkComment(body: string): string {
  const refuse = (message: string) =>
    GitHubError.validationFailed({
      resource: 'IssueComment',
      code: 'unprocessable',
      field: 'data',
      message,
    });
  if (body.trim() === '') throw refuse('Body cannot be blank');
  if (body.length > longestBody) {
    throw refuse(`Body is too long (maximum is ${longestBody} characters)`);
  }
  return body;
}

function labelNames(labels: readonly v.InferOutput<typeof label>[]): string[] {
  return labels.map((some) => (typeof some === 'string' ? some : some.name));
}

function show(origin: string, { fullName }: Repository) {
  const repositoryUrl = `${origin}/repos/${fullName}`;
  return (issue: Issue) => {
    const url = `${repositoryUrl}/issues/${issue.number}`;
    const page = `https://github.com/${fullName}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
    return {
      id: 1_000_000 + issue.number,
      node_id: `I_${issue.number}`,
      url,
      repository_url: repositoryUrl,
      labels_url: `${url}/labels{/name}`,
      comments_url: `${url}/comments`,
      events_url: `${url}/events`,
      html_url: page,
      number: issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.state,
      state_reason: issue.stateReason,
      user: somebody(issue.author) as Schemas['simple-user'],
      labels: issue.labels.map((name) => ({ name, color: 'ededed', default: false })),
      assignees: issue.assignees.map((login) => ({ login }) as Schemas['simple-user']),
      locked: issue.locked,
      comments: issue.comments.length,
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      closed_at: issue.state === 'closed' ? issue.updatedAt : null,
      ...(issue.pull && {
        pull_request: {
          url: `${repositoryUrl}/pulls/${issue.number}`,
          html_url: page,
          diff_url: `${page}.diff`,
          patch_url: `${page}.patch`,
        },
      }),
    } satisfies Partial<Schemas['issue']>;
  };
}

function showComment(origin: string, { fullName }: Repository, issue: Issue) {
  const page = `https://github.com/${fullName}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return (comment: Comment) =>
    ({
      id: comment.id,
      node_id: `IC_${comment.id}`,
      url: `${origin}/repos/${fullName}/issues/comments/${comment.id}`,
      html_url: `${page}#issuecomment-${comment.id}`,
      issue_url: `${origin}/repos/${fullName}/issues/${issue.number}`,
      body: comment.body,
      user: somebody(comment.author) as Schemas['simple-user'],
      author_association: 'NONE',
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
    }) satisfies Partial<Schemas['issue-comment']>;
}
