import { isMap, LineCounter, parseDocument } from 'yaml';

/** What is wrong with a YAML text, and where (lines and columns count from 1). */
export class YamlProblem extends Error {
  override readonly name = 'YamlProblem';
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(line === undefined ? message : `line ${line}: ${message}`);
    this.line = line;
  }
}

/**
 * Reads YAML 1.2 (JSON included) that has to be a mapping.
 *
 * @throws {YamlProblem} with the line
 */
export function parseMapping(text: string): { [key: string]: unknown } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const said = error.message.split('\n')[0] ?? error.message;
    throw new YamlProblem(said, lineCounter.linePos(error.pos[0]).line);
  }
  const { contents } = document;
  if (contents === null) return {};
  if (!isMap(contents)) {
    const found = Array.isArray(document.toJS()) ? 'a list' : 'a single value';
    const line = lineCounter.linePos(contents.range?.[0] ?? 0).line;
    throw new YamlProblem(`it is not a mapping (found ${found})`, line);
  }
  try {
    return document.toJS({ maxAliasCount: 100 }) as { [key: string]: unknown };
  } catch (cause) {
    // Aliases of aliases would grow beyond any memory.
    throw new YamlProblem((cause as Error).message);
  }
}
