import { Failure } from '../failure/Failure.ts';
import type { GitHubAnswer } from './askGitHub.ts';
import { type Asked, explainRefusal, isDenied } from './explainRefusal.ts';
import type { Denied, GitHub } from './GitHub.ts';

/**
 * What the token may not do is a notice: a gate does not fail since its report could not be shown.
 *
 * @throws {Failure} when GitHub refused for another reason
 */
export function refuse({ log }: GitHub, answer: GitHubAnswer, asked: Asked): Denied {
  const parts = explainRefusal(answer, asked);
  if (!isDenied(answer)) throw new Failure(parts);
  const why = [parts.what, parts.why, parts.remedy].filter(Boolean).join(' ');
  log.notice(why);
  return { kind: 'denied', why };
}
