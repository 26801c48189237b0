import { resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean, oneOf, text } from '../../../../shared/action/parsers.ts';
import type { Inputs } from '../inputs.ts';
import type { Mode } from './Mode.ts';

/** The inputs that single modes have; one that the given mode does not read is refused. */
export async function readModeInputs(
  reader: InputReader,
  mode: Mode,
  workspace: string,
): Promise<
  Pick<Inputs, 'revision' | 'planFile' | 'onDrift' | 'force' | 'comment' | 'githubToken'>
> {
  const inputs = {
    revision: await reader.optional('revision', revision),
    planFile: await reader.optional('plan-file', async (given) =>
      resolve(workspace, await text(given)),
    ),
    onDrift: await reader.required(
      'on-drift',
      oneOf<Inputs['onDrift']>(['fail', 'warn'], 'a way to treat drift'),
    ),
    force: await reader.required('force', boolean),
    comment: await reader.required('comment', boolean),
    githubToken: await reader.secret('github-token', text),
  };
  const owners: readonly (readonly [string, Mode])[] = [
    ['revision', 'rollback'],
    ['plan-file', 'deploy'],
  ];
  for (const [name, owner] of owners) {
    if (mode === owner || reader.isWrong('mode') || !reader.has(name)) continue;
    reader.conflict(
      `Input ${name}: it means nothing with \`mode: ${mode}\`.`,
      `Take it out, or set \`mode: ${owner}\`.`,
    );
  }
  if (inputs.comment && mode === 'plan' && inputs.githubToken === undefined) {
    reader.conflict(
      'Input comment is true, and there is no github-token.',
      'Leave github-token out, so that it is the job’s own.',
    );
  }
  return inputs;
}

const revision: Parse<number> = (given) => {
  const word = given.trim();
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new InputProblem(
    'is not a revision',
    'Write its number, as `helm history` shows it; leave it out for the last good one.',
  );
};
