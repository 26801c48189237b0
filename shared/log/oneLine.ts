import { plainText } from './sanitize.ts';

/** A name, a version or a path that is longer is not read by anyone. */
const longest = 200;

/** Most names and sentences are so already; reports of 100,000 findings ask for a million of them. */
const already = /^[!-~]+(?: [!-~]+)*$/;

/** Makes untrusted text fit into a sentence of ours: one line, no control characters, not endless. */
export function oneLine(text: string, limit = longest): string {
  if (text.length <= limit && already.test(text)) return text;
  const line = plainText(text.slice(0, 4 * limit))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1).toWellFormed()}…` : line;
}
