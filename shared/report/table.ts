import { Buffer } from 'node:buffer';
import { Markdown } from './Markdown.ts';

/** A row's cells, as many as the head has. */
export type Row = readonly Markdown[];

/** A table of GitHub-flavoured Markdown. */
export function table(head: Row, rows: readonly Row[]): Markdown {
  return new Markdown([line(head), line(head.map(() => dashes)), ...rows.map(line)].join('\n'));
}

/**
 * A table of the first rows that fit.
 *
 * @param rows makes the rows one by one, so that those that do not fit cost nothing
 * @param bytes the most that the table may take, in UTF-8
 * @returns the table and how many rows it holds
 */
export function tableWithin(
  head: Row,
  rows: Iterable<Row>,
  bytes: number,
): { readonly markdown: Markdown; readonly shown: number } {
  const lines = [line(head), line(head.map(() => dashes))];
  let left = bytes - lines.reduce((sum, text) => sum + size(text), 0);
  let shown = 0;
  for (const row of rows) {
    const text = line(row);
    left -= size(text);
    if (left < 0) break;
    lines.push(text);
    shown++;
  }
  return { markdown: new Markdown(lines.join('\n')), shown };
}

const dashes = new Markdown('---');

function line(cells: Row): string {
  return `| ${cells.map((cell) => cell.text).join(' | ')} |`;
}

/** With the line feed that follows it. */
function size(text: string): number {
  return Buffer.byteLength(text) + 1;
}
