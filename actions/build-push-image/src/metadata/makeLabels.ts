import type { Expand } from './Expand.ts';
import { failing } from './failing.ts';
import type { GitEvent } from './GitEvent.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * The labels of the OCI image specification that the event knows. What it does not know is left out:
 * an empty label would hide the Dockerfile's own.
 */
export function eventLabels(event: GitEvent, version: string | undefined, now: Date): Labels {
  const { name, description, url, licence } = event.repository;
  const known = {
    created: now.toISOString(),
    description,
    licenses: licence,
    revision: event.sha,
    source: url,
    title: name,
    url,
    version,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([key, value]) => {
      const line = value?.replace(/\s+/g, ' ').trim();
      return line ? [[`org.opencontainers.image.${key}`, line]] : [];
    }),
  );
}

/**
 * Puts the lines of an input over them, `key=value` each; an empty value takes away a label that
 * comes from the event. The result is sorted by key.
 *
 * @throws {Failure} that names the line whose expressions are wrong
 */
export function overrideLabels(
  base: Labels,
  lines: readonly string[],
  input: 'labels' | 'annotations',
  expand: Expand,
): Labels {
  const labels = new Map(Object.entries(base));
  for (const line of lines) {
    const [key, value] = splitLabel(failing(input, line, () => expand(line)));
    if (value === '' && Object.hasOwn(base, key)) labels.delete(key);
    else labels.set(key, value);
  }
  return Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without `=` the value is empty, as for docker. */
function splitLabel(line: string): [key: string, value: string] {
  const equals = line.indexOf('=');
  if (equals === -1) return [line.trim(), ''];
  return [line.slice(0, equals).trim(), line.slice(equals + 1)];
}
