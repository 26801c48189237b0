import { oneLine } from '../log/oneLine.ts';
import { bestFix } from './bestFix.ts';
import { versions } from './describeWorst.ts';
import type { Finding } from './Finding.ts';

/**
 * What removes a finding.
 *
 * @param all among which may be others of the same package: one version is named, which removes most of them
 */
export function remedyFor(finding: Finding, all: readonly Finding[] = [finding]): string {
  const { kind, subject, fix, advice, title, lines, layer } = finding;
  const name = oneLine(subject.name);
  switch (kind) {
    case 'vulnerability':
      return fix === undefined
        ? `Nobody has fixed ${name} yet: do without it, or decide to wait for the fix (ignore-unfixed).`
        : // What lies in a folder is mended in it.
          `Update ${name} to ${bestVersion(finding, all) ?? versions(fix)}${layer === undefined ? '' : ' and build the image again'}.`;
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

function bestVersion({ kind, subject }: Finding, all: readonly Finding[]): string | undefined {
  const { name, version } = subject;
  const best = bestFix(
    all.filter(
      (other) =>
        other.kind === kind && other.subject.name === name && other.subject.version === version,
    ),
  );
  return best && oneLine(best.version);
}
