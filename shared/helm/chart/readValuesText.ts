import { type Document, LineCounter, parseDocument } from 'yaml';
import { offsetOf, type Path } from '../../yaml/path.ts';

/** A text of values, and where each of them stands. */
export interface ValuesText {
  readonly value: unknown;
  readonly document: Document;
  readonly lineOf: (path: Path) => number;
}

/**
 * Reads values as far as Helm's own reader is lenient: keys twice, keys merged by `<<`.
 *
 * @throws {Error} when they are not YAML
 */
export function readValuesText(text: string): ValuesText {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    ...{ lineCounter, prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' },
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const said = error.message.split('\n')[0] ?? error.message;
    throw new Error(`line ${lineCounter.linePos(error.pos[0]).line}: ${said}`);
  }
  return {
    value: document.toJS({ maxAliasCount: 1000 }),
    document,
    lineOf: (path) => Math.max(1, lineCounter.linePos(offsetOf(document, path)).line),
  };
}
