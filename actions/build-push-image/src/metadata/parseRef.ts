import type { GitRef } from './GitEvent.ts';

/** Reads a full git reference; `undefined` for one that is neither a branch, a tag nor a pull request. */
export function parseRef(ref: string): GitRef | undefined {
  const [, pull] = /^refs\/pull\/(\d+)\//.exec(ref) ?? [];
  if (pull !== undefined) return { kind: 'pull', name: pull };
  const [, space, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref) ?? [];
  if (name === undefined) return undefined;
  return { kind: space === 'heads' ? 'branch' : 'tag', name };
}
