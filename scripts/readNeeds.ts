/** A permission of GitHub's that an action wants. */
export interface Need {
  readonly permission: string;
  readonly level: 'read' | 'write';
  /** The input that makes it necessary; `undefined` when it always is. */
  readonly input: string | undefined;
}

/**
 * Reads what an action says it needs: the table between `<!-- permissions -->` and
 * `<!-- /permissions -->` of its README, one `permission: level` a row, and `always` or the input with
 * which it is needed.
 *
 * @throws {Error} when the markers are missing or a row cannot be read
 */
export function readNeeds(readme: string): Need[] {
  const [, table] = /<!-- permissions -->\n([\s\S]*?)<!-- \/permissions -->/.exec(readme) ?? [];
  if (table === undefined) {
    throw new Error('The README has no <!-- permissions --> … <!-- /permissions -->.');
  }
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return rows.map((row) => {
    const found = /^\| `([\w-]+): (read|write)` \| (?:always|with `([\w-]+)`) \|/.exec(row);
    if (found === null) throw new Error(`This is not a row of permissions: ${row}`);
    const [, permission = '', level, input] = found;
    return { permission, level: level as Need['level'], input };
  });
}
