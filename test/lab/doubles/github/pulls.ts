import type { components } from '@octokit/openapi-types';
import { GitHubError } from './GitHubError.ts';
import { actionsBot } from './people.ts';
import { type Route, route } from './Route.ts';

type Schemas = components['schemas'];

export const pulls: readonly Route[] = [
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/pulls/{pull_number}',
    permissions: [{ 'pull-requests': 'read' }],
    documentation: 'pulls/pulls#get-a-pull-request',
    handle: ({ asked, repository, path }) => {
      const issue = repository.issues.find(({ number }) => String(number) === path.pull_number);
      if (issue?.pull === undefined) throw GitHubError.notFound();
      const { pull } = issue;
      const { fullName } = repository;
      const end = (fullNameOfEnd: string, ref: string, sha: string) => ({
        label: `${fullNameOfEnd.split('/')[0]}:${ref}`,
        ref,
        sha,
        repo: { full_name: fullNameOfEnd, fork: fullNameOfEnd !== fullName },
      });
      return {
        status: 200,
        body: {
          id: 2_000_000 + issue.number,
          node_id: `PR_${issue.number}`,
          url: `${asked.origin}/repos/${fullName}/pulls/${issue.number}`,
          html_url: `https://github.com/${fullName}/pull/${issue.number}`,
          number: issue.number,
          state: issue.state,
          locked: issue.locked,
          title: issue.title,
          body: issue.body,
          user: actionsBot() as Schemas['simple-user'],
          draft: pull.draft ?? false,
          merged: pull.merged ?? false,
          comments: issue.comments.length,
          created_at: issue.createdAt,
          updated_at: issue.updatedAt,
          head: end(
            pull.headRepository ?? fullName,
            pull.headRef,
            pull.headSha,
          ) as Schemas['pull-request']['head'],
          base: end(fullName, pull.baseRef, pull.baseSha) as Schemas['pull-request']['base'],
        } satisfies Partial<Schemas['pull-request']>,
      };
    },
  }),
];
