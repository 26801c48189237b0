const version = /^(?:[^=]*:)?org\.opencontainers\.image\.version=(.*)$/;

/**
 * Leaves out of labels (`NAME=value`) or annotations (also `index:NAME=value`) a version that is the commit:
 * it is another one each time, and says nothing of the content.
 */
export function lastingLabels(
  labels: readonly string[],
  sha: string | undefined,
): readonly string[] {
  const short = sha?.slice(0, 7);
  return labels.filter((label) => !short || !version.exec(label)?.[1]?.includes(short));
}
