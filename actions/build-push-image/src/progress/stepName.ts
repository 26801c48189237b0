/** What a step is for, as far as its name tells. */
export type StepKind =
  /** An instruction of the Dockerfile that a cache can save. */
  | 'instruction'
  /** A base image. */
  | 'base'
  /** The image is written and pushed. */
  | 'export'
  /** A cache is read or written. */
  | 'cache'
  /** All that comes before: the Dockerfile, the context, what an image's name means. */
  | 'prepare';

export interface StepName {
  readonly kind: StepKind;
  /** What of several stands in front (target, platform, stage), as BuildKit wrote it. */
  readonly group: string;
  /** Of a build of several targets (bake). */
  readonly target: string | undefined;
  /** Such as `linux/arm64`, or `linux/amd64->arm64` where one builds for the other. */
  readonly platform: string | undefined;
  readonly stage: string | undefined;
  /** Such as `2/5`, of the instructions of a Dockerfile. */
  readonly position: string | undefined;
  /** The rest: the instruction. */
  readonly text: string;
}

const platformPattern = /^[a-z0-9]+\/[a-z0-9]+(?:\/v\d+)?(?:->\S+)?$/;

/**
 * Reads the name of a step: `[internal] load …`, `[build 2/5] RUN …`,
 * `[linux/arm64 build 2/5] RUN …`, and with bake `[web linux/arm64 build 2/5] RUN …`.
 */
export function stepName(name: string): StepName {
  const [, inside = '', text = name] = /^\[([^\]\n]*)\] ?([\s\S]*)$/.exec(name) ?? [];
  const words = inside.split(' ').filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  const position = /^\d+\/\d+$/.test(last) ? words.pop() : undefined;
  const platform = words.find((word) => platformPattern.test(word));
  const others = words.filter((word) => word !== platform && word !== 'internal');
  const stage = position === undefined || words.at(-1) === platform ? undefined : others.at(-1);
  const target = others.find((word) => word !== stage && word !== 'auth');
  const group = words.join(' ');
  return { kind: kindOf(text, position), ...{ group, target, platform, stage, position, text } };
}

function kindOf(text: string, position: string | undefined): StepKind {
  if (/^FROM\s/.test(text)) return 'base';
  if (position !== undefined) return 'instruction';
  if (/^(?:importing|exporting) cache\b|^inferred cache manifest/.test(text)) return 'cache';
  if (/^(?:exporting|pushing|merging|copying files to)\b/.test(text)) return 'export';
  return 'prepare';
}
