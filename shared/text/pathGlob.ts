import picomatch from 'picomatch';

/**
 * Matches paths against a glob as people write it in ignore files: `**` for folders, `*` within a
 * name, hidden files too. Paths from the root and from the folder are the same.
 *
 * @throws {SyntaxError | TypeError} for what is no glob
 */
export function pathGlob(pattern: string): (path: string) => boolean {
  const matches = picomatch(relative(pattern), { dot: true, noextglob: true, nonegate: true });
  return (path) => matches(relative(path));
}

function relative(path: string): string {
  return path.replace(/^(\.?\/)+/, '');
}
