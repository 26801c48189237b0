import type { Place } from '../../../../shared/failure/Failure.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { BuildProgress, BuildWarning } from './BuildProgress.ts';

/** GitHub shows no more annotations of a step. */
const mostAnnotations = 10;

/**
 * Puts the warnings of BuildKit's build checks on the lines of the Dockerfile. GitHub shows ten of a
 * step; the rest is counted in the last of them.
 *
 * @param dockerfileOf the path in the repository of a target's Dockerfile (BuildKit gives its name
 *   without the folder); `undefined` when it does not lie there
 * @param others how many annotations this step writes besides
 */
export function warnBuildChecks(
  { warnings, moreWarnings }: Pick<BuildProgress, 'warnings' | 'moreWarnings'>,
  dockerfileOf: (target: string | undefined) => string | undefined,
  log: Pick<Log, 'warning'>,
  others = 0,
): void {
  // Targets of one Dockerfile have the same warnings.
  const placed = new Map<string, { text: string; place: Place | undefined }>();
  for (const warning of warnings) {
    const file = dockerfileOf(warning.target);
    const { line } = warning;
    const place = file === undefined ? undefined : { file, ...(line && { line }) };
    const text = describeWarning(warning);
    placed.set(JSON.stringify([text, file, line]), { text, place });
  }
  const total = placed.size + moreWarnings;
  const room = Math.max(1, mostAnnotations - others);
  const shown = [...placed.values()].slice(0, total > room ? room - 1 : room);
  for (const { text, place } of shown) log.warning(text, place);
  if (shown.length < total) {
    log.warning(`BuildKit has ${total - shown.length} more warnings; the summary lists them.`);
  }
}

export function describeWarning({ rule, text, url }: BuildWarning): string {
  const said = /[.!?]$/.test(text) ? text : `${text}.`;
  const more = url !== undefined && /^https:\/\/\S+$/.test(url) ? ` See ${oneLine(url)}` : '';
  return `${rule === undefined ? '' : `${rule}: `}${said}${more}`;
}
