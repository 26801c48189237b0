import type { UsedImage } from '../evidence/UsedImage.ts';
import { at, type KubeObject, nameOf, textAt } from './preflight/KubeObject.ts';

/** Lists of containers, by the word that a person reads. */
const lists: Readonly<Record<string, string>> = {
  containers: 'container',
  initContainers: 'init container',
  ephemeralContainers: 'ephemeral container',
};

/**
 * The images that objects name, each once with all that uses it: of containers, init and ephemeral ones
 * too, and of volumes that are images. They are looked for at any depth, since custom resources have pod
 * templates where they like.
 */
export function imagesOf(objects: readonly KubeObject[]): readonly UsedImage[] {
  const users = new Map<string, string[]>();
  for (const object of objects) {
    for (const { image, place } of imagesIn(object)) {
      const usedBy = users.get(image) ?? [];
      users.set(image, usedBy);
      const user = `${nameOf(object)} → ${place}`;
      if (!usedBy.includes(user)) usedBy.push(user);
    }
  }
  return [...users].map(([image, usedBy]) => ({ image, usedBy }));
}

function* imagesIn(value: unknown): Generator<{ image: string; place: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (Array.isArray(part) && Object.hasOwn(lists, key))
      yield* named(part, lists[key] ?? key, ['image']);
    if (Array.isArray(part) && key === 'volumes')
      yield* named(part, 'volume', ['image', 'reference']);
    yield* imagesIn(part);
  }
}

function* named(items: readonly unknown[], what: string, path: readonly string[]) {
  for (const item of items) {
    const image = textAt(item, ...path);
    if (image !== undefined)
      yield { image, place: `${what} ${String(at(item, 'name') ?? '')}`.trim() };
  }
}
