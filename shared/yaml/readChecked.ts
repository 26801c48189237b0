import * as v from 'valibot';
import { type Document, isScalar, LineCounter, parseDocument } from 'yaml';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { describeIssue, notMapping, type Problem } from './describeIssue.ts';
import { inOrder } from './inOrder.ts';
import { offsetOf, type Path, pathText } from './path.ts';

/** Where something stands in a file; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Checked<T> {
  readonly value: T;
  /** Where the value at this path stands. */
  readonly at: (path: Path) => Position;
  /** What is wrong with the value at this path, for rules that no schema holds. */
  readonly problem: (path: Path, what: string, remedy?: string) => Failure;
}

export interface CheckOptions {
  /** What the file is called in messages. */
  readonly file: string;
  /** What an empty file means. */
  readonly empty: unknown;
}

/**
 * Reads YAML (JSON included) that has to be as a schema says. All that is wrong is told at once, each
 * with its place. Keys that the schema does not have are refused, with the nearest that it has; keys
 * that stand twice, too.
 *
 * @throws {AggregateError} of one {@link Failure} a problem
 */
export function readChecked<S extends v.GenericSchema>(
  text: string,
  schema: S,
  { file, empty }: CheckOptions,
): Checked<v.InferOutput<S>> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    // An empty file has no first line.
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const failure = (position: Position, what: string, remedy?: string) =>
    new Failure({
      what: `${oneLine(file)}:${position.line}:${position.column}: ${what}`,
      remedy,
      place: { file, ...position },
    });
  if (document.errors.length > 0) {
    throw inOrder(
      file,
      document.errors.map(({ message, pos }) =>
        failure(place(pos[0]), `it is not YAML: ${oneLine(message)}.`),
      ),
    );
  }
  const at = (path: Path) => place(offsetOf(document, path));
  const content = contentOf(document, empty, failure);
  const read = v.safeParse(schema, content);
  const problems = read.success
    ? isEmptyList(content, schema)
      ? [notMapping([], content)]
      : []
    : read.issues.flatMap((issue) => describeIssue(issue, schema));
  if (!read.success || problems.length > 0) {
    throw inOrder(
      file,
      problems.map((problem) => told(problem, at, failure)),
    );
  }
  return {
    value: read.output,
    at,
    problem: (path, what, remedy) => told({ path, what, remedy }, at, failure),
  };
}

/** Aliases of aliases would grow beyond any memory. */
function contentOf(
  document: Document,
  empty: unknown,
  failure: (position: Position, what: string) => Failure,
): unknown {
  if (
    document.contents === null ||
    (isScalar(document.contents) && document.contents.value === null)
  )
    return empty;
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const what = `it cannot be read: ${oneLine((error as Error).message)}.`;
    throw new AggregateError([failure({ line: 1, column: 1 }, what)], what);
  }
}

function told(
  { path, what, remedy }: Problem,
  at: (path: Path) => Position,
  failure: (position: Position, what: string, remedy?: string) => Failure,
): Failure {
  const named = path.length === 0 ? '' : `${oneLine(pathText(path))}: `;
  return failure(at(path), `${named}${what}.`, remedy);
}

/** It has no key that could be wrong. */
function isEmptyList(content: unknown, schema: v.GenericSchema): boolean {
  return Array.isArray(content) && schema.type !== 'array';
}
