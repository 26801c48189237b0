/** How the releases of a family are counted: what follows a version. */
const following: Readonly<Record<string, (major: number, minor: number) => string>> = {
  alma: (major) => `${major + 1}`,
  alpine: (major, minor) => `${major}.${minor + 1}`,
  debian: (major) => `${major + 1}`,
  fedora: (major) => `${major + 1}`,
  oracle: (major) => `${major + 1}`,
  redhat: (major) => `${major + 1}`,
  rocky: (major) => `${major + 1}`,
  // Those with support for years come in April of each second year.
  ubuntu: (major) => `${major + (major % 2 === 0 ? 2 : 1)}.04`,
};

/**
 * The release after one that gets no more fixes, by how its family counts. Whether that one still gets
 * them is not known here: it is the least that helps.
 */
export function nextRelease(family: string, version: string): string | undefined {
  const [, major, minor = '0'] = /^(\d{1,4})(?:\.(\d{1,4}))?(?:\.\d+)*$/.exec(version) ?? [];
  if (major === undefined || !Object.hasOwn(following, family)) return undefined;
  return following[family]?.(Number(major), Number(minor));
}
