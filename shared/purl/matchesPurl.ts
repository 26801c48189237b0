import type { Purl } from './Purl.ts';

/**
 * Whether a package is the one that is meant. What is meant without a version is every version; each
 * qualifier that it has, the package has to have.
 */
export function matchesPurl(meant: Purl, actual: Purl): boolean {
  return (
    meant.name === actual.name &&
    meant.namespace === actual.namespace &&
    meant.type === actual.type &&
    (meant.version === undefined || meant.version === actual.version) &&
    [...meant.qualifiers].every(([key, value]) => actual.qualifiers.get(key) === value)
  );
}
