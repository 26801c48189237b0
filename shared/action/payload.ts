import { readFile } from 'node:fs/promises';
import { Failure } from '../failure/Failure.ts';

/**
 * Reads the event's payload, of which everything may be missing.
 *
 * @throws {Failure} when the file is there and no JSON
 */
export async function readPayload(path: string | undefined): Promise<unknown> {
  const content = path ? await readFile(path, 'utf8').catch(() => '') : '';
  try {
    return content.trim() === '' ? undefined : JSON.parse(content);
  } catch (cause) {
    throw new Failure({
      what: "The event's payload (the file in GITHUB_EVENT_PATH) is not JSON.",
      remedy: 'The runner writes it; check that no earlier step changed it.',
      cause,
    });
  }
}

/** What lies at a path; `undefined` where anything on the way is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found ?? undefined;
}

/** The text at a path; an empty one says nothing, and is `undefined`. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
