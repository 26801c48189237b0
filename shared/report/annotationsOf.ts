import { posix } from 'node:path';
import type { Place } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Judgement } from '../verdict/Verdict.ts';
import { describeFinding } from './describeFinding.ts';
import { type Origins, originOf } from './originOf.ts';

/** GitHub shows ten of a kind for a step; more are lost, whichever comes first. */
const mostShown = 10;

/** What the runner shows on a file, or on the run where there is none. The text is untrusted. */
export interface Annotation {
  readonly text: string;
  readonly place: Place | undefined;
}

/**
 * The worst findings that count, each with its place: its own lines, else where the Dockerfile brought it
 * in. What would read the same, since a package lies in several folders, is told once.
 */
export function annotationsOf(
  { counted }: Pick<Judgement, 'counted'>,
  max = mostShown,
  origins: Origins = {},
): Annotation[] {
  const place = placeBy(origins);
  const found = new Map<string, Annotation>();
  for (const finding of counted) {
    if (found.size >= max) break;
    const text = `${finding.severity} ${oneLine(finding.id)}: ${describeFinding(finding)}`;
    const annotation = { text, place: place(finding) };
    found.set(JSON.stringify(annotation), annotation);
  }
  return [...found.values()];
}

function placeBy(origins: Origins): (finding: Finding) => Place | undefined {
  const origin = originOf(origins);
  return (finding) => {
    const { lines } = finding;
    const { dockerfile, folder } = origins;
    if (lines !== undefined && folder !== undefined) {
      return { file: posix.join(folder, lines.file), line: lines.start };
    }
    const { line } = origin(finding);
    return line === undefined || dockerfile === undefined
      ? undefined
      : { file: dockerfile.file, line };
  };
}
