import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit } from 'yaml';

/** The image of a container, and where its text stands in the object's. */
export interface ImageUse {
  readonly image: string;
  readonly container: string;
  readonly from: number;
  readonly to: number;
}

const lists = new Set(['containers', 'initContainers', 'ephemeralContainers']);

/** Every container's image in a text of objects, wherever pods are described in it. */
export function findImages(text: string): readonly ImageUse[] {
  if (!text.includes('ontainers')) return [];
  const options = { version: '1.1', prettyErrors: false, logLevel: 'error' } as const;
  const found = [...parseAllDocuments(text, options)].flatMap(imagesIn);
  // Two lists may be the same by an alias.
  return [...new Map(found.map((use) => [use.from, use])).values()].sort((a, b) => a.from - b.from);
}

function imagesIn(document: Document): readonly ImageUse[] {
  const found: ImageUse[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      const list = isAlias(value) ? value.resolve(document) : value;
      if (!isScalar(key) || !lists.has(String(key.value)) || !isSeq(list)) return;
      for (const item of list.items) {
        const container = isAlias(item) ? item.resolve(document) : item;
        if (!isMap(container)) continue;
        const node = container.get('image', true);
        const image = isAlias(node) ? node.resolve(document) : node;
        const [from, to] = node?.range ?? [];
        if (!isScalar(image) || from === undefined || to === undefined) continue;
        const name = String(container.get('name') ?? '');
        found.push({ image: String(image.value), container: name, from, to });
      }
    },
  });
  return found;
}
