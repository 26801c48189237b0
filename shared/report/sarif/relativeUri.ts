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

/** The address of a web page, with what RFC 3986 does not allow encoded; browsers are more lenient. */
export function webUri(url: string | undefined): string | undefined {
  const page = URL.parse(url ?? '');
  if (page?.protocol !== 'https:' && page?.protocol !== 'http:') return undefined;
  const hash = page.hash === '' ? '' : `#${encodeRest(page.hash.slice(1))}`;
  return `${page.origin}${encodeRest(page.pathname)}${encodeRest(page.search)}${hash}`;
}

function encodeRest(part: string): string {
  return part.replace(/%(?![0-9A-Fa-f]{2})|[^\w.~:/?@!$&'()*+,;=%-]/g, encodeURIComponent);
}
