import { type Document, isAlias, isMap, isNode, isScalar } from 'yaml';

/** The keys and indices that lead to a value. */
export type Path = readonly (string | number)[];

/** `deny-packages[0].reason` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** Where a key stands; for one that is not there, where the nearest thing around it does. */
export function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key: one }) => isScalar(one) && String(one.value) === key);
      if (pair === undefined) return offset;
      offset = start(pair.key) ?? offset;
      node = pair.value;
      continue;
    }
    if (!isNode(node) || !('get' in node)) return offset;
    node = (node as { get(key: unknown, keep: true): unknown }).get(key, true);
    offset = start(node) ?? offset;
  }
  return offset;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
