import { type Document, isMap, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { firstOfEach } from './firstOfEach.ts';
import { identify } from './identify.ts';
import type { ManifestObject } from './ManifestObject.ts';

export interface ManifestFile {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
}

/** No object that a cluster takes is near it; our reader needs minutes for more. */
const largestFile = 8 * 1024 * 1024;

/**
 * The objects of manifest files, in their order. All that is wrong with them is told at once, each
 * with its file and line: what is not YAML, objects without kind, API version or name, and objects
 * that stand twice.
 *
 * @param namespace of the release: an object without one goes there
 * @throws {AggregateError} of one {@link Failure} a problem
 */
export function readManifests(
  files: readonly ManifestFile[],
  namespace: string,
): readonly ManifestObject[] {
  const problems: Failure[] = [];
  const objects = files.flatMap((file) => readFile(file, problems));
  const once = firstOfEach(objects, namespace, problems);
  if (problems.length > 0) throw new AggregateError(problems, 'The manifests are wrong.');
  return once;
}

function readFile({ file, text }: ManifestFile, problems: Failure[]): ManifestObject[] {
  if (text.length > largestFile) {
    const size = `${Math.round(text.length / 1024 / 1024)} MiB`;
    problems.push(
      new Failure({
        what: `${file}: it has ${size}; a manifest may have 8 MiB.`,
        remedy: 'Take out what is data: a cluster keeps no object of more than 1 MiB.',
      }),
    );
    return [];
  }
  const lineCounter = new LineCounter();
  // As Helm reads: YAML 1.1, of which `yes` and 0644 are the parts that people still use.
  const documents = parseAllDocuments(text, {
    ...{ lineCounter, prettyErrors: false, uniqueKeys: true, version: '1.1', logLevel: 'error' },
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const line = (offset: number) => Math.max(1, lineCounter.linePos(offset).line);
    const problem = (offset: number, what: string, remedy?: string) => {
      const place = { file, line: line(offset) };
      problems.push(new Failure({ what: `${file}:${place.line}: ${what}`, remedy, place }));
    };
    const [error] = document.errors;
    if (error !== undefined) {
      problem(error.pos[0], `it is not YAML: ${oneLine(error.message.split('\n')[0] ?? '')}.`);
      return [];
    }
    return objectsOf(document, text, file, line, problem);
  });
}

function objectsOf(
  document: Document.Parsed,
  source: string,
  file: string,
  line: (offset: number) => number,
  problem: (offset: number, what: string, remedy?: string) => void,
): ManifestObject[] {
  const { contents } = document;
  // A document of comments only.
  if (contents === null || contents.toJSON() === null) return [];
  const [from, , to] = contents.range;
  const items =
    isMap(contents) && /List$/.test(String(contents.get('kind'))) && contents.get('items');
  if (isSeq(items)) {
    return items.items.flatMap((item) => {
      const offset = item.range[0];
      const value: unknown = item.toJS(document);
      const found = identify(value, (what, remedy) => problem(offset, what, remedy));
      return found ? [{ ...found, text: JSON.stringify(value), file, line: line(offset) }] : [];
    });
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const found = identify(value, (what, remedy) => problem(from, what, remedy));
  if (found === undefined) return [];
  const text = source.slice(startOfLine(source, from), to).trimEnd();
  return [{ ...found, text: `${text}\n`, file, line: line(from) }];
}

/** The blanks before the first key belong to it. */
function startOfLine(source: string, offset: number): number {
  let start = offset;
  while (source[start - 1] === ' ') start--;
  return start === 0 || source[start - 1] === '\n' ? start : offset;
}
