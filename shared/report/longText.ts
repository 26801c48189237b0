import { Buffer } from 'node:buffer';
import { code, Markdown, md } from './Markdown.ts';

/** A longer line is data, not words. */
const longestLine = 1000;

/**
 * Untrusted lines as code, a line each, so that nothing in them can end the block. What is too much is
 * left out of the middle: the beginning says what it is about, and a log tells why at its end.
 *
 * @param largest how many bytes the Markdown may have
 */
export function longText(text: string, largest: number): Markdown {
  const lines = text.split('\n').map((line) => `${code(line.slice(0, longestLine)).text}<br>`);
  const head = fitting(lines, largest / 2);
  const rest = lines.slice(head.length);
  const tail = fitting(rest.toReversed(), largest / 2).toReversed();
  const left = rest.length - tail.length;
  const notice =
    left === 0
      ? []
      : [md`*${left} lines are left out here; the log of the step has them.*<br>`.text];
  return new Markdown([...head, ...notice, ...tail].join('\n').replace(/<br>$/, ''));
}

function fitting(lines: readonly string[], largest: number): readonly string[] {
  let size = 0;
  const end = lines.findIndex((line) => {
    size += Buffer.byteLength(line) + 1;
    return size > largest;
  });
  return end === -1 ? lines : lines.slice(0, end);
}
