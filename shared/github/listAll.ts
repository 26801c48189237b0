import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { askGitHub, type GitHubAnswer } from './askGitHub.ts';
import { type Asked, explainRefusal } from './explainRefusal.ts';
import type { GitHub } from './GitHub.ts';

/** 100 things a page; who has more has another problem. */
const mostPages = 100;

/**
 * All things of a list, page by page.
 *
 * @returns the refusal where the first page was denied
 * @throws {Failure} when GitHub answers what it does not document
 */
export async function listAll<Schema extends v.GenericSchema>(
  github: GitHub,
  path: string,
  item: Schema,
  asked: Asked,
): Promise<v.InferOutput<Schema>[] | GitHubAnswer> {
  const all: v.InferOutput<Schema>[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined && page < mostPages; page++) {
    const answer = await askGitHub(github, { path: next });
    if (answer.status !== 200) {
      if (page === 0) return answer;
      throw new Failure(explainRefusal(answer, asked));
    }
    const parsed = v.safeParse(v.array(item), answer.body);
    if (!parsed.success) {
      throw new Failure({ what: `GitHub answered what is no list when asked to ${asked.doing}.` });
    }
    all.push(...parsed.output);
    next = nextPage(answer.headers.link);
  }
  return all;
}

/** The address that `Link` gives for `next` (RFC 8288). */
export function nextPage(link: string | string[] | undefined): string | undefined {
  const text = Array.isArray(link) ? link.join(', ') : (link ?? '');
  return /<([^<>]*)>\s*;\s*rel="next"/.exec(text)?.[1];
}
