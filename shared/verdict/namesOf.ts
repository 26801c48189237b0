import type { Finding } from './Finding.ts';

/** The names by which lists of others may know a finding, in capitals. */
export function namesOf({ id, aliases }: Finding): readonly string[] {
  const name = id.toUpperCase();
  return aliases === undefined ? [name] : [name, ...aliases.map((alias) => alias.toUpperCase())];
}
