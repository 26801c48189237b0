import { plainText } from '../../../../shared/log/sanitize.ts';
import type { BuildWarning } from './BuildProgress.ts';

/** A rule with its page, what it says, and the line that it says it of. */
const finding = /^WARNING: (\S+)(?: - (\S+))?\n(.+)\n(?:([^\n]*):(\d+)\n-{10,})?/gm;

/**
 * Reads what `buildx build --call check` prints of a Dockerfile: for a person only, since its progress
 * tells nothing of it.
 */
export function readChecks(printed: string): readonly BuildWarning[] {
  return [...plainText(printed).matchAll(finding)].map(([, rule, url, text = '', file, line]) => ({
    ...{ target: undefined, rule, text, url, file },
    line: line === undefined ? undefined : Number(line),
  }));
}
