import { formatReference, type PinnedReference } from '../oci/Reference.ts';

type Tree = { [key: string]: unknown };

/** The value at the path has another form than an image has. */
export class NoImageThere extends Error {
  override readonly name = 'NoImageThere';
}

/**
 * The values that put an image into a chart, in the form that the chart's own defaults have at that
 * path: a whole reference where it wants a string, and the keys `registry`, `repository`, `tag` and
 * `digest` where it wants a mapping. A mapping without a key for the digest gets it through the tag:
 * `repository: name@sha256`, `tag: <hex>`, which such charts join with a colon.
 *
 * @param path keys joined by dots, such as `web.image`; `\.` is a dot in a key
 * @throws {NoImageThere} when the default there is neither absent, a string, nor such a mapping
 */
export function imageValues(defaults: unknown, path: string, image: PinnedReference): Tree {
  const keys = keysOf(path);
  let present: unknown = defaults;
  for (const key of keys) {
    present = isTree(present) ? present[key] : undefined;
  }
  let value: unknown = imageValue(present, path, image);
  for (const key of keys.reverse()) value = { [key]: value };
  return value as Tree;
}

/** Whether the defaults have this path, be it empty. */
export function hasValue(defaults: unknown, path: string): boolean {
  let present: unknown = defaults;
  for (const key of keysOf(path)) {
    if (!isTree(present) || !(key in present)) return false;
    present = present[key];
  }
  return true;
}

function keysOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}

function imageValue(present: unknown, path: string, image: PinnedReference): unknown {
  if (present === undefined || present === null || typeof present === 'string') {
    return formatReference(image);
  }
  if (!isTree(present) || !('repository' in present || 'digest' in present || 'tag' in present)) {
    throw new NoImageThere(
      `the chart's default at ${path} is ${Array.isArray(present) ? 'a list' : isTree(present) ? 'a mapping without repository' : `a ${typeof present}`}, not an image`,
    );
  }
  const split = 'registry' in present;
  const name = split ? image.repository : `${image.registry}/${image.repository}`;
  const registry = split ? { registry: image.registry } : {};
  if ('digest' in present) return { ...registry, repository: name, digest: image.digest };
  const [algorithm = '', hex = ''] = image.digest.split(':');
  return { ...registry, repository: `${name}@${algorithm}`, tag: hex };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
