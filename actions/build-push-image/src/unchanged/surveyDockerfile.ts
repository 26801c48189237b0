import { formatReference, parseReference } from '../../../../shared/oci/Reference.ts';
import type { Reach } from './contextReach.ts';
import { expandVariables } from './expandVariables.ts';
import { type Dockerfile, parseDockerfile } from './parseDockerfile.ts';
import { readSources } from './readSources.ts';
import { Undecided } from './Undecided.ts';

/** What of a build's inputs decides what its Dockerfile means. */
export interface SurveyInputs {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
  /** Of the form `linux/amd64` or `linux/arm/v7`. */
  readonly platforms: readonly string[];
  /** Named build contexts: what they are called. */
  readonly contexts: readonly string[];
}

/** Where the stages that a build needs get their files from. */
export interface Survey {
  /** The images of their FROMs, as they are written, with variables put in place. */
  readonly bases: readonly string[];
  /** The images that are only copied from, mounted, or that read the Dockerfile. */
  readonly images: readonly string[];
  readonly reach: Reach;
}

/** @throws {Undecided} when that cannot be said for sure */
export function surveyDockerfile(text: string, inputs: SurveyInputs): Survey {
  const dockerfile = parseDockerfile(text);
  const bases = new Set<string>();
  const images = new Set<string>();
  const sources = new Set<string>();
  let all = false;
  const { BUILDKIT_SYNTAX: syntax = dockerfile.syntax } = inputs.buildArgs;
  if (syntax !== undefined) images.add(frontend(syntax));

  const { stages } = dockerfile;
  const named = new Set(inputs.contexts.map(familiar));
  const stageNamed = (name: string, before: number) =>
    stages.slice(0, before).findLastIndex((stage) => stage.name === name.toLowerCase());
  for (const platform of inputs.platforms) {
    const lookUp = variables(dockerfile, inputs.buildArgs, platform);
    const seen = new Set<number>();
    const need = (index: number) => {
      const stage = stages[index];
      if (stage === undefined || seen.has(index)) return;
      seen.add(index);
      const from = expandVariables(stage.from, lookUp);
      const base = stageNamed(from, index);
      if (base !== -1) need(base);
      else if (from !== 'scratch' && !named.has(familiar(from))) bases.add(from);
      for (const { context, from } of stage.instructions.map(readSources)) {
        if (context === 'all') all = true;
        else for (const source of context) sources.add(source);
        for (const name of from) needSource(name, index);
      }
    };
    const needSource = (name: string, index: number) => {
      if (/[$"'\\]/.test(name)) throw new Undecided(`where ${name} leads to is not known`);
      const stage = /^\d+$/.test(name) ? Number(name) : stageNamed(name, index);
      if (stage !== -1) need(stage);
      else if (stageNamed(name, stages.length) !== -1) {
        throw new Undecided(`the stage ${name} is used before it is defined`);
      } else if (!named.has(familiar(name))) images.add(name);
    };
    need(findTarget(dockerfile, inputs.target));
  }
  return {
    bases: [...bases].sort(),
    images: [...images].sort(),
    reach: all ? 'all' : [...sources].sort(),
  };
}

function findTarget({ stages }: Dockerfile, target: string | undefined): number {
  if (target === undefined) return stages.length - 1;
  const byName = stages.findLastIndex((stage) => stage.name === target.toLowerCase());
  if (byName !== -1) return byName;
  if (/^\d+$/.test(target) && Number(target) < stages.length) return Number(target);
  throw new Undecided(`the Dockerfile has no stage ${target}`);
}

/** Of another frontend we do not know what else it fetches. */
function frontend(syntax: string): string {
  if (/(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@].*)?$/.test(syntax)) return syntax;
  throw new Undecided(`the Dockerfile is read by ${syntax}, not by Docker's own frontend`);
}

/** What a FROM can use: the ARGs above it, and what BuildKit says of the platform that is built. */
function variables(
  { args }: Dockerfile,
  buildArgs: Readonly<Record<string, string>>,
  platform: string,
): (name: string) => string | undefined {
  const [os, architecture, variant = ''] = platform.split('/');
  const values = new Map<string, string | undefined>([
    ['TARGETPLATFORM', platform],
    ['TARGETOS', os],
    ['TARGETARCH', architecture],
    ['TARGETVARIANT', variant],
  ]);
  for (const name of values.keys()) {
    if (Object.hasOwn(buildArgs, name)) values.set(name, buildArgs[name]);
  }
  const lookUp = (name: string) => values.get(name);
  for (const [name, value] of args) {
    if (Object.hasOwn(buildArgs, name)) values.set(name, buildArgs[name]);
    else if (value !== undefined) values.set(name, lazily(value, lookUp));
  }
  return lookUp;
}

/** An ARG that cannot be read matters only to a FROM that uses it. */
function lazily(value: string, lookUp: (name: string) => string | undefined): string | undefined {
  try {
    return expandVariables(value, lookUp);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/** The one spelling of an image's name by which BuildKit knows a named context. */
function familiar(name: string): string {
  try {
    const reference = parseReference(name);
    return formatReference(reference).replace(/:latest$/, '');
  } catch {
    return name;
  }
}
