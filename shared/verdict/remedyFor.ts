import { oneLine } from '../log/oneLine.ts';
import { versions } from './describeWorst.ts';
import type { Finding } from './Finding.ts';

/** What removes a finding. */
export function remedyFor(finding: Finding): string {
  const { kind, subject, fix, advice, title, lines, layer } = finding;
  const name = oneLine(subject.name);
  switch (kind) {
    case 'vulnerability':
      return fix === undefined
        ? `Nobody has fixed ${name} yet: do without it, or decide to wait for the fix (ignore-unfixed).`
        : // What lies in a folder is mended in it.
          `Update ${name} to ${versions(fix)}${layer === undefined ? '' : ' and build the image again'}.`;
    case 'misconfiguration':
      return advice === undefined
        ? `Correct ${lines === undefined ? name : `${oneLine(lines.file)}:${lines.start}`}.`
        : oneLine(advice, 500);
    case 'secret':
      return `Make the secret worthless (rotate it), then take it out of ${oneLine(subject.path ?? subject.name)}: whoever had the file has it.`;
    case 'license':
      return `Do without ${name}, or let the owner of the policy allow its license.`;
    case 'end-of-life':
      return `Move to a release of ${name} that is cared for.`;
    case 'denied-package':
      return title === undefined ? `Do without ${name}.` : `Do without ${name}: ${oneLine(title)}`;
  }
}
