import {
  type Digest,
  type PinnedReference,
  parseReference,
  type Reference,
} from '../../../../shared/oci/Reference.ts';
import type { Step } from './BuildProgress.ts';

/** An image on which the Dockerfile builds, or out of which it copies. */
export interface BaseImage {
  /** As the Dockerfile has it, with the defaults of a name. */
  readonly written: Reference;
  /** What BuildKit took for it. */
  readonly digest: Digest | undefined;
  /** The Dockerfile names its digest. */
  readonly pinned: boolean;
}

/**
 * The images on which a build rests. BuildKit tells of each what the Dockerfile has ("load metadata
 * for node:24") and what that means now ("FROM node:24@sha256:…").
 *
 * @param all those of the other targets as well, since targets share such a step
 */
export function baseImages(
  steps: readonly Step[],
  all: readonly Step[] = steps,
): readonly BaseImage[] {
  const resolved = all.flatMap(({ text }) => {
    const [, name] = /^FROM (\S+@sha(?:256|512):[0-9a-f]+)/.exec(text) ?? [];
    return read(name);
  }) as PinnedReference[];
  const written = steps.flatMap(({ text }) => {
    const [, name] = /^load metadata for (\S+)$/.exec(text) ?? [];
    return read(name);
  });
  const bases = new Map<string, BaseImage>();
  for (const reference of written) {
    const { digest } = reference.digest ? reference : (resolved.find(isFor(reference)) ?? {});
    bases.set(JSON.stringify(reference), {
      written: reference,
      digest,
      pinned: reference.digest !== undefined,
    });
  }
  return [...bases.values()];
}

function isFor(written: Reference): (resolved: Reference) => boolean {
  return ({ registry, repository, tag }) =>
    registry === written.registry &&
    repository === written.repository &&
    (tag ?? 'latest') === (written.tag ?? 'latest');
}

function read(name: string | undefined): Reference[] {
  try {
    return name === undefined ? [] : [parseReference(name)];
  } catch {
    return [];
  }
}
