const versionLabel = 'org.opencontainers.image.version';

/**
 * Labels as `NAME=value`, without a version that is the commit: it is another one each time, and says
 * nothing of the content.
 */
export function lastingLabels(
  labels: Readonly<Record<string, string>>,
  sha: string | undefined,
): readonly string[] {
  return Object.entries(labels)
    .filter(([name, value]) => name !== versionLabel || !namesCommit(value, sha))
    .map(([name, value]) => `${name}=${value}`);
}

function namesCommit(version: string, sha = ''): boolean {
  return sha !== '' && version.includes(sha.slice(0, 7));
}
