import { oneLine } from '../../log/oneLine.ts';

/**
 * Makes a relative reference (RFC 3986, 4.2) of a path, since code scanning takes no other: no scheme, no
 * host, nothing above the repository.
 */
export function relativeUri(path: string): string {
  const parts = oneLine(path, 1000)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map(encodeURIComponent);
  return parts.length === 0 ? 'unknown' : parts.join('/');
}

/** `acme.azurecr.io/web@sha256:…` is `acme.azurecr.io/web`: the same for each build and each tag. */
export function withoutVersion(subject: string): string {
  return subject.replace(/@[^/@]*$/, '').replace(/:[^/:]*$/, '');
}
