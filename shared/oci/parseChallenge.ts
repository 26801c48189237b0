export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

/** Reads a `WWW-Authenticate` header (RFC 9110, section 11); `undefined` when we cannot answer it. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of rest.matchAll(
    /(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  const realm = parameters.get('realm');
  return realm === undefined
    ? undefined
    : { scheme: 'bearer', realm, service: parameters.get('service') };
}
