import { readChecked } from '../../yaml/readChecked.ts';
import type { Waiver } from '../Waiver.ts';
import { parseExpiry } from './parseExpiry.ts';
import { WaiverFile } from './WaiverFile.ts';

/**
 * Reads a file of waivers (YAML or JSON). An empty one has none. Two of the same scope are refused:
 * the later end would hide the earlier one.
 *
 * @param file what it is called in messages
 * @throws {AggregateError} of one Failure a problem, each with its place
 */
export function readWaivers(text: string, file: string): Waiver[] {
  const { value, at, problem } = readChecked(text, WaiverFile, { file, empty: [] });
  const lines = new Map<string, number>();
  const problems: Error[] = [];
  const waivers: Waiver[] = [];
  for (const [index, entry] of value.entries()) {
    const { line } = at([index]);
    const scope = JSON.stringify([entry.id.toUpperCase(), entry.package, entry.purl, entry.path]);
    const first = lines.get(scope);
    if (first === undefined) lines.set(scope, line);
    else
      problems.push(problem([index], `the waiver of line ${first} is for the same`, 'Keep one.'));
    const expires = parseExpiry(entry.expires);
    if (expires instanceof Date) waivers.push({ ...entry, expires, source: `${file}:${line}` });
  }
  if (problems.length > 0) throw new AggregateError(problems, `${file} is wrong.`);
  return waivers;
}
