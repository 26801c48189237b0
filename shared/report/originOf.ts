import type { Finding } from '../verdict/Finding.ts';
import type { Dockerfile } from './dockerfile/Dockerfile.ts';
import { lineOf } from './dockerfile/lineOf.ts';

/** What is known of how layers came to be. */
export interface Origins {
  readonly dockerfile?: Dockerfile | undefined;
  /** The `diffId`s of the base image, where somebody has looked at it. */
  readonly baseLayers?: ReadonlySet<string> | undefined;
  /**
   * The folder of the repository that was looked at, so that paths in it are the repository's; `''` is
   * all of it. Absent for what is no part of it, as an image.
   */
  readonly folder?: string | undefined;
}

/** Where in a Dockerfile a finding came from. */
export interface Origin {
  /** Of the Dockerfile; `undefined` where no instruction of it made the layer. */
  readonly line: number | undefined;
  /** Whether the base image has it; `undefined` where nobody can say. */
  readonly inBase: boolean | undefined;
}

const unknown: Origin = { line: undefined, inBase: undefined };

/** Makes the question where findings came from; thousands of them have a few layers. */
export function originOf({ dockerfile, baseLayers }: Origins): (finding: Finding) => Origin {
  if (dockerfile === undefined && baseLayers === undefined) return () => unknown;
  const lines = new Map<string, number | undefined>();
  return ({ layer }) => {
    if (layer === undefined) return unknown;
    const made = layer.createdBy ?? '';
    if (dockerfile !== undefined && !lines.has(made)) lines.set(made, lineOf(made, dockerfile));
    const line = lines.get(made);
    if (baseLayers !== undefined) return { line, inBase: baseLayers.has(layer.diffId) };
    // A layer that no instruction of ours made came with FROM.
    return {
      line,
      inBase: dockerfile === undefined || made === '' ? undefined : line === undefined,
    };
  };
}
