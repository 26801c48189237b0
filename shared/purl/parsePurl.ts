import type { Purl } from './Purl.ts';

/** Registries in whose names capitals mean nothing. */
const caseless: ReadonlySet<string> = new Set([
  'apk',
  'bitbucket',
  'composer',
  'deb',
  'github',
  'golang',
  'hex',
  'oci',
  'pypi',
  'rpm',
]);

/**
 * Takes a package URL apart, by the purl specification, "How to parse". What scanners leave unescaped
 * (`@scope`, the colon of a digest) is accepted. Not `packageurl-js`: its release throws on every Go
 * module, and takes ten times as long.
 *
 * @returns `undefined` for what is none
 */
export function parsePurl(text: string): Purl | undefined {
  const [whole = ''] = text.split('#', 1);
  const { address, query } = /^(?<address>[^?]*)(\?(?<query>.*))?$/s.exec(whole)?.groups ?? {};
  const [, type = '', path = ''] =
    /^pkg:\/*([a-z][a-z0-9.+-]*)\/+(.+)$/is.exec(address ?? '') ?? [];
  const mark = path.lastIndexOf('@');
  const versioned = mark > path.lastIndexOf('/') && mark > 0;
  try {
    const named = versioned ? path.slice(0, mark) : path;
    const segments = named.split('/').filter(Boolean).map(decodeURIComponent);
    const name = segments.pop();
    if (name === undefined) return undefined;
    const version = versioned ? decodeURIComponent(path.slice(mark + 1)) : '';
    const kind = type.toLowerCase();
    return {
      type: kind,
      namespace: normal(kind, segments.join('/')),
      name: normal(kind, name),
      version: version === '' ? undefined : version,
      qualifiers: qualifiersOf(query ?? ''),
    };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function normal(type: string, name: string): string {
  const text = caseless.has(type) ? name.toLowerCase() : name;
  return type === 'pypi' ? text.replaceAll('_', '-') : text;
}

function qualifiersOf(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).toLowerCase(), decodeURIComponent(pair.slice(at + 1))] as const;
  });
  return new Map(pairs.filter(([key, value]) => key !== '' && value !== ''));
}
