import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import type { Waiver } from '../Waiver.ts';
import { asWaiver } from './asWaiver.ts';
import { parseExpiry } from './parseExpiry.ts';

/**
 * Reads a `.trivyignore`: an id a line, perhaps with `exp:2026-12-31`. Comments that stand directly
 * above an id are its reason. Its day holds to the end, as that of a waiver does (in Trivy it ends as
 * the day begins).
 *
 * @throws {AggregateError} of one Failure a date that is none
 */
export function readIgnoreList(text: string, file: string): Waiver[] {
  const problems: Failure[] = [];
  const waivers: Waiver[] = [];
  let comments: string[] = [];
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line.startsWith('#')) {
      comments.push(line.replace(/^#+\s*/, ''));
      continue;
    }
    const [id, ...fields] = line.split(/\s+/);
    const reason = comments.filter(Boolean).join(' ') || undefined;
    comments = [];
    if (id === undefined || id === '') continue;
    const date = fields.find((field) => field.startsWith('exp:'))?.slice('exp:'.length);
    const expires = date === undefined ? undefined : parseExpiry(date);
    if (typeof expires === 'string') {
      problems.push(
        new Failure({
          what: `${oneLine(file)}:${index + 1}: ${oneLine(date ?? '')} ${expires}.`,
          place: { file, line: index + 1 },
        }),
      );
      continue;
    }
    waivers.push(asWaiver({ id, source: `${file}:${index + 1}` }, reason, expires));
  }
  if (problems.length > 0) throw new AggregateError(problems, `${file} is wrong.`);
  return waivers;
}
