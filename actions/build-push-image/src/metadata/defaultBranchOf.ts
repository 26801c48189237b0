import { textAt } from '../../../../shared/action/payload.ts';
import { parseRef } from './parseRef.ts';

/**
 * The default branch of the repository. The payload of a schedule may say nothing of the repository
 * (docker/metadata-action 184), but a schedule runs on no other branch.
 */
export function defaultBranchOf(
  { GITHUB_EVENT_NAME: name, GITHUB_REF: ref = '' }: Readonly<Record<string, string | undefined>>,
  payload: unknown,
): string | undefined {
  const said = textAt(payload, 'repository', 'default_branch');
  if (said !== undefined || name !== 'schedule') return said;
  const found = parseRef(ref);
  return found?.kind === 'branch' ? found.name : undefined;
}
