import type * as v from 'valibot';
import { oneLine } from '../log/oneLine.ts';
import { nearest } from '../text/nearest.ts';
import type { Path } from './path.ts';

/** What is wrong in a document, and where. */
export interface Problem {
  readonly path: Path;
  /** A part of a sentence, without the full stop. */
  readonly what: string;
  readonly remedy?: string | undefined;
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  strict_object: 'a mapping',
};

/** Longer values are cut where a message quotes them. */
const longestQuote = 80;

/**
 * Says in a person's words what a schema objects to. An unknown key is told with all others of its
 * mapping, each with the key that was most likely meant: the schema itself stops at the first.
 */
export function describeIssue(
  issue: v.BaseIssue<unknown>,
  schema: v.GenericSchema,
): readonly Problem[] {
  const items = issue.path ?? [];
  const path = items.map(({ key }) => key as string | number);
  const last = items.at(-1);
  if (
    issue.type === 'strict_object' &&
    last !== undefined &&
    'origin' in last &&
    last.origin === 'key'
  ) {
    const parent = path.slice(0, -1);
    // To the schema, a list is a mapping of its indices.
    if (Array.isArray(last.input)) return [notMapping(parent, last.input)];
    if (issue.expected !== 'never') {
      return [{ path: parent, what: `${oneLine(String(last.key))} is missing` }];
    }
    const known = Object.keys(entriesAt(schema, parent));
    return Object.keys(last.input as object)
      .filter((key) => !known.includes(key))
      .map((key) => unknownKey([...parent, key], key, known));
  }
  if (issue.type === 'picklist') return [{ path, ...choice(issue) }];
  const noun = nouns[issue.type];
  const what = noun === undefined || issue.kind !== 'schema' ? issue.message : `is not ${noun}`;
  return [{ path, what: `${what} (given: ${quote(issue.input)})` }];
}

export function notMapping(path: Path, given: unknown): Problem {
  return { path, what: `is not a mapping (given: ${quote(given)})` };
}

function unknownKey(path: Path, key: string, known: readonly string[]): Problem {
  const near = nearest(key, known);
  return {
    path,
    what: 'there is no such key',
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}There are ${known.join(', ')}.`,
  };
}

function choice(issue: v.BaseIssue<unknown>): Omit<Problem, 'path'> {
  const options = (issue as v.PicklistIssue).requirement as unknown as
    | readonly string[]
    | undefined;
  const words =
    options ?? [...(issue.expected ?? '').matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
  const near = typeof issue.input === 'string' ? nearest(issue.input, words) : undefined;
  return {
    what: `${quote(issue.input)} is not one of ${words.join(', ')}`,
    remedy: near === undefined ? undefined : `Did you mean ${near}?`,
  };
}

/** What is no single value is only named: an alias can make it hold itself. */
function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  return oneLine(typeof value === 'string' ? JSON.stringify(value) : String(value), longestQuote);
}

type Wrapping = {
  readonly wrapped?: Wrapping;
  readonly pipe?: readonly Wrapping[];
  readonly item?: Wrapping;
  readonly entries?: Readonly<Record<string, Wrapping>>;
};

/** The keys that the schema knows at a path. */
function entriesAt(schema: v.GenericSchema, path: Path) {
  let at = bare(schema as unknown as Wrapping);
  for (const key of path) at = bare(typeof key === 'number' ? at?.item : at?.entries?.[key]);
  return at?.entries ?? {};
}

function bare(schema: Wrapping | undefined): Wrapping | undefined {
  if (schema?.wrapped !== undefined) return bare(schema.wrapped);
  const first = schema?.pipe?.[0];
  return first === undefined || first === schema ? schema : bare(first);
}
