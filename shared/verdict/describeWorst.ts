import { oneLine } from '../log/oneLine.ts';
import type { Finding } from './Finding.ts';

/** A finding in the words of a sentence: what has it, and what it is. */
export function describeWorst(finding: Finding): string {
  const { kind, id, subject, fix } = finding;
  const name = oneLine(
    subject.version === undefined ? subject.name : `${subject.name} ${subject.version}`,
  );
  switch (kind) {
    case 'vulnerability':
      return `${name} (${oneLine(id)}), ${fix === undefined ? 'without a fix' : `fixed in ${versions(fix)}`}`;
    case 'end-of-life':
      return `${name} gets no more fixes`;
    case 'denied-package':
      return `${name}, which the policy denies`;
    case 'license':
      return `${name} under ${oneLine(id)}`;
    default:
      return `${name} (${oneLine(id)})${place(finding)}`;
  }
}

/** Several versions fix it where several lines of releases are cared for. */
export function versions(fix: string): string {
  return oneLine(fix).replaceAll(', ', ' or ');
}

function place({ lines }: Finding): string {
  return lines === undefined ? '' : ` at ${oneLine(lines.file)}:${lines.start}`;
}
