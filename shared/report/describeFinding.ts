import { oneLine } from '../log/oneLine.ts';
import type { Finding } from '../verdict/Finding.ts';

/**
 * A finding in one line of plain text, for places without tables: `minimist 1.2.0: prototype pollution;
 * fixed in 1.2.6`. Of a secret only its kind and place are told, whatever the scanner says besides.
 */
export function describeFinding(finding: Finding): string {
  const what = `${nameOf(finding)}: ${oneLine(finding.title ?? finding.id, 300)}`;
  const remedy = describeRemedy(finding);
  return remedy === '' ? what : `${what}; ${remedy}`;
}

/** What has it, as a person names it. */
export function nameOf({ subject: { name, version } }: Finding): string {
  return oneLine(version === undefined ? name : `${name} ${version}`);
}

/** What removes it, as far as the scanner says. */
export function describeRemedy({ kind, fix, status, advice }: Finding): string {
  if (kind === 'secret') return '';
  if (fix !== undefined) return `fixed in ${oneLine(fix).replaceAll(', ', ' or ')}`;
  if (advice !== undefined) return oneLine(advice, 300);
  if (kind !== 'vulnerability') return '';
  return status === undefined ? 'no fix yet' : `no fix yet (${oneLine(status)})`;
}
