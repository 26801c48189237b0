import { at, textAt } from '../../../../shared/action/payload.ts';
import { defaultBranchOf } from './defaultBranchOf.ts';
import type { Repository } from './GitEvent.ts';

/** Reads what the payload, else the runner, says of the repository. */
export function readRepository(
  env: Readonly<Record<string, string | undefined>>,
  payload: unknown,
): Repository {
  const fullName =
    textAt(payload, 'repository', 'full_name') ?? (env.GITHUB_REPOSITORY || undefined);
  const server = env.GITHUB_SERVER_URL || undefined;
  const own = server && fullName ? `${server}/${fullName}` : undefined;
  const licence = textAt(payload, 'repository', 'license', 'spdx_id');
  return Object.freeze({
    fullName,
    name: textAt(payload, 'repository', 'name') ?? fullName?.split('/').at(-1),
    description: textAt(payload, 'repository', 'description'),
    url: textAt(payload, 'repository', 'html_url') ?? own,
    // What GitHub says of a licence that it does not know.
    licence: licence === 'NOASSERTION' ? undefined : licence,
    visibility: visibility(payload),
    defaultBranch: defaultBranchOf(env, payload),
  });
}

function visibility(payload: unknown): Repository['visibility'] {
  const said = textAt(payload, 'repository', 'visibility');
  if (said === 'public' || said === 'private' || said === 'internal') return said;
  const hidden = at(payload, 'repository', 'private');
  return typeof hidden === 'boolean' ? (hidden ? 'private' : 'public') : undefined;
}
