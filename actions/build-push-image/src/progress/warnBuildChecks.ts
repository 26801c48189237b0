import type { Log } from '../../../../shared/log/Log.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { BuildProgress, BuildWarning } from './BuildProgress.ts';

/** GitHub shows no more annotations of a step. */
const mostAnnotations = 10;

/**
 * Puts the warnings of BuildKit's build checks on the lines of the Dockerfile. GitHub shows ten of a
 * step; the rest is counted in the last of them.
 *
 * @param dockerfile its path in the repository; `undefined` when it does not lie there
 * @param others how many annotations this step writes besides
 */
export function warnBuildChecks(
  { warnings, moreWarnings }: Pick<BuildProgress, 'warnings' | 'moreWarnings'>,
  dockerfile: string | undefined,
  log: Pick<Log, 'warning'>,
  others = 0,
): void {
  const total = warnings.length + moreWarnings;
  const room = Math.max(1, mostAnnotations - others);
  const shown = total > room ? warnings.slice(0, room - 1) : warnings;
  for (const warning of shown) {
    const { line } = warning;
    // BuildKit gives the file's name without its folder.
    const place =
      dockerfile === undefined ? undefined : { file: dockerfile, ...(line && { line }) };
    log.warning(describeWarning(warning), place);
  }
  if (shown.length < total) {
    log.warning(`BuildKit has ${total - shown.length} more warnings; the summary lists them.`);
  }
}

export function describeWarning({ rule, text, url }: BuildWarning): string {
  const said = /[.!?]$/.test(text) ? text : `${text}.`;
  const more = url !== undefined && /^https:\/\/\S+$/.test(url) ? ` See ${oneLine(url)}` : '';
  return `${rule === undefined ? '' : `${rule}: `}${said}${more}`;
}
