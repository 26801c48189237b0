import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Items that become one piece of text. */
const together = 500;

/**
 * Writes a report piece by piece: one of 100,000 findings is some hundred MB of text, which need not
 * be in memory besides the report itself.
 *
 * @param document a report that was checked: it has a version, and a list of results or none
 */
export async function writeReport(document: object, path: string): Promise<void> {
  await pipeline(pieces(document), createWriteStream(path, { mode: 0o600 }));
}

function* pieces(document: { readonly Results?: readonly object[] | null }): Generator<string> {
  const { Results: results, ...rest } = document;
  const head = JSON.stringify(rest);
  if (!results) {
    yield `${head}\n`;
    return;
  }
  yield `${head.slice(0, -1)},"Results":[`;
  for (const [at, result] of results.entries()) {
    yield at === 0 ? '\n' : ',\n';
    yield* ofResult(result);
  }
  yield ']}\n';
}

function* ofResult(result: object): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(result)) {
    yield `${before}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* ofList(value);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function* ofList(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (let at = 0; at < list.length; at += together) {
    const text = JSON.stringify(list.slice(at, at + together));
    yield `${at === 0 ? '' : ',\n'}${text.slice(1, -1)}`;
  }
  yield ']';
}
