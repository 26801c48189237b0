import type { FailureParts } from '../failure/Failure.ts';
import { sentence } from '../failure/sentence.ts';
import type { GitHubAnswer } from './askGitHub.ts';
import { messageOf } from './messageOf.ts';

/** What was asked, for people. */
export interface Asked {
  /** `comment on the pull request`. */
  readonly doing: string;
  /** The permission of a workflow that it takes, where GitHub does not name it. */
  readonly permission: string;
}

/** Whether the token may not, rather than that something is wrong. A private repository answers 404. */
export function isDenied({ status }: GitHubAnswer): boolean {
  return status === 403 || status === 404;
}

/** A refusal in words, with the permission that is missing. */
export function explainRefusal(answer: GitHubAnswer, { doing, permission }: Asked): FailureParts {
  const { status, headers, body } = answer;
  const said = messageOf(body);
  const what = `GitHub refused to ${doing} (${status}).`;
  const why = said === '' ? 'A proxy may answer in its place.' : sentence(said);
  if (status === 401) {
    return { what, why, remedy: 'Give a token that is valid; that of a job ends with the job.' };
  }
  if (/not enabled|must be enabled|advanced security/i.test(said)) {
    return {
      what,
      why,
      remedy:
        'Enable code scanning in the settings of the repository; a private one needs GitHub Code Security.',
    };
  }
  if (/locked/i.test(said)) return { what, why, remedy: 'Unlock the conversation.' };
  if (!isDenied(answer)) return { what, why };
  const needed = permissionsOf(headers['x-accepted-github-permissions']) ?? permission;
  return {
    what,
    why,
    remedy: `Give the job the permission ${needed}. Pull requests of forks and of Dependabot have a token that only reads.`,
  };
}

/** `issues=write; pull_requests=write` is `issues: write or pull-requests: write`. */
function permissionsOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || !/^[a-z_=,; ]{1,200}$/.test(header)) return undefined;
  return header
    .split(/;\s*/)
    .map((some) => some.replaceAll('_', '-').replaceAll('=', ': ').replaceAll(',', ' and '))
    .join(' or ');
}
