import type { GitEvent } from './GitEvent.ts';
import { parseRef } from './parseRef.ts';

/** An event of a well-known repository, for tests. */
export function exampleEvent(ref: string, change: Partial<GitEvent> = {}): GitEvent {
  return {
    name: ref.startsWith('refs/pull/') ? 'pull_request' : 'push',
    ref: parseRef(ref),
    sha: '860c1904a1ce19322e91ac35af1ab07466440c37',
    headSha: undefined,
    baseRef: 'master',
    commitDate: undefined,
    schedule: undefined,
    repository: {
      fullName: 'octocat/Hello-World',
      name: 'Hello-World',
      description: 'This your first repo!',
      url: 'https://github.com/octocat/Hello-World',
      licence: 'MIT',
      visibility: 'public',
      defaultBranch: 'master',
    },
    fork: false,
    restricted: undefined,
    ...change,
  };
}
