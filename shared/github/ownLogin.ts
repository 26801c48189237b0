import * as v from 'valibot';
import { askGitHub } from './askGitHub.ts';
import type { GitHub } from './GitHub.ts';

const schema = v.object({ data: v.object({ viewer: v.object({ login: v.string() }) }) });

/**
 * As whom the token speaks. Only GraphQL tells it to the token of a job, which is no user's. Where it does
 * not answer, it is taken for that of a job.
 */
export async function ownLogin(github: GitHub): Promise<string> {
  const answer = await askGitHub(github, {
    method: 'POST',
    path: '/graphql',
    body: { query: 'query { viewer { login } }' },
    repeatable: true,
  });
  const parsed = v.safeParse(schema, answer.body);
  return parsed.success ? parsed.output.data.viewer.login : 'github-actions[bot]';
}

/** GraphQL names an app without the ending that REST gives it. */
export function isSame(login: string, other: string | undefined): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/\[bot\]$/, '');
  return other !== undefined && plain(login) === plain(other);
}
