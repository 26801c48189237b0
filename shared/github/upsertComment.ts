import * as v from 'valibot';
import { askGitHub, type GitHubAnswer } from './askGitHub.ts';
import { createOnce } from './createOnce.ts';
import type { Asked } from './explainRefusal.ts';
import type { GitHub, Published } from './GitHub.ts';
import { listAll } from './listAll.ts';
import { hasMarker, withMarker } from './marker.ts';
import { isSame, ownLogin } from './ownLogin.ts';
import { refuse } from './refuse.ts';

const commentSchema = v.object({
  id: v.number(),
  body: v.nullish(v.string()),
  html_url: v.optional(v.string()),
  user: v.nullish(v.object({ login: v.string() })),
});
type Comment = v.InferOutput<typeof commentSchema>;

const asked: Asked = { doing: 'comment on the pull request', permission: 'pull-requests: write' };

export interface CommentOptions {
  /** Of the pull request, or of an issue. */
  readonly number: number;
  /** One a gate: by it the comment is found again. */
  readonly key: string;
  /** Markdown of ours. */
  readonly body: string;
}

/**
 * Writes a comment, or updates the one that an earlier run wrote, so that a pull request has one of each
 * gate. A comment of somebody else is never touched, whatever it begins with.
 *
 * @throws {Failure} when GitHub does not answer, or refuses for another reason than a missing right
 */
export async function upsertComment(
  github: GitHub,
  { number, key, body: text }: CommentOptions,
): Promise<Published> {
  const path = `/repos/${github.repository}/issues/${number}/comments`;
  const body = withMarker(key, text);
  const self = await ownLogin(github);
  const find = async () => {
    const all = await listAll(github, `${path}?per_page=100`, commentSchema, asked);
    if (!Array.isArray(all)) return all;
    return all.find((one) => hasMarker(key, one.body) && isSame(self, one.user?.login));
  };
  const present = await find();
  if (isAnswer(present)) return refuse(github, present, asked);
  if (present !== undefined) {
    const updated = await update(github, present, body);
    if (updated !== undefined) return updated;
  }
  const made = await createOnce(github, { path, body: { body } }, async () => {
    const found = await find();
    return isAnswer(found) ? undefined : found;
  });
  if ('found' in made) return { kind: 'created', url: made.found.html_url };
  if (made.status !== 201) return refuse(github, made, asked);
  return { kind: 'created', url: urlOf(made) };
}

/** @returns `undefined` when somebody has deleted it meanwhile */
async function update(
  github: GitHub,
  { id, body: before, html_url: url }: Comment,
  body: string,
): Promise<Published | undefined> {
  if (before?.trimEnd() === body.trimEnd()) return { kind: 'unchanged', url };
  const path = `/repos/${github.repository}/issues/comments/${id}`;
  const answer = await askGitHub(github, { method: 'PATCH', path, body: { body } });
  if (answer.status === 200) return { kind: 'updated', url };
  return answer.status === 404 ? undefined : refuse(github, answer, asked);
}

function isAnswer(found: Comment | GitHubAnswer | undefined): found is GitHubAnswer {
  return found !== undefined && 'status' in found;
}

function urlOf({ body }: GitHubAnswer): string | undefined {
  const parsed = v.safeParse(commentSchema, body);
  return parsed.success ? parsed.output.html_url : undefined;
}
