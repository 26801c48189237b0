import { relative } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Inputs } from '../inputs.ts';
import { isAddress } from '../options/readContext.ts';

/** The path of the Dockerfile in the repository, where it is in it. */
export function dockerfileOf(
  { build }: Pick<Inputs, 'build'>,
  { env }: Pick<Runner, 'env'>,
): string | undefined {
  if (isAddress(build.context)) return undefined;
  const path = relative(env.GITHUB_WORKSPACE ?? '.', build.file ?? `${build.context}/Dockerfile`);
  return path.startsWith('..') ? undefined : path;
}
