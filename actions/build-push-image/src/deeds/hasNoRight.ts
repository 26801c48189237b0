import type { Runner } from '../../../../shared/action/Runner.ts';
import type { GitEvent } from '../metadata/GitEvent.ts';

/**
 * Whether this run may write to no registry; that is said then.
 *
 * @param so what follows from it, without a full stop
 */
export function hasNoRight(
  so: string,
  { restricted }: Pick<GitEvent, 'restricted'>,
  { log }: Pick<Runner, 'log'>,
): boolean {
  if (restricted === undefined) return false;
  const whose = restricted === 'fork' ? 'a fork' : 'Dependabot';
  log.notice(`${so}: a pull request from ${whose} has neither secrets nor an identity of its own.`);
  return true;
}
