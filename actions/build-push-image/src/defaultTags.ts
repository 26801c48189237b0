import { defaultTags as tagsOf } from './metadata/defaultTags.ts';
import { parseRef } from './metadata/parseRef.ts';

/** The default tags by the runner's variables alone, without the event's payload. */
export function defaultTags(env: Readonly<Record<string, string | undefined>>): string[] {
  return tagsOf({ sha: env.GITHUB_SHA, ref: parseRef(env.GITHUB_REF ?? '') });
}
