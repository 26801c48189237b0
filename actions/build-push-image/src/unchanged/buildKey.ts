import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { listContext } from '../../../../shared/context/listContext.ts';
import { NotListable } from '../../../../shared/context/NotListable.ts';
import { readIgnoreRules } from '../../../../shared/context/readIgnoreRules.ts';
import { formatReference, type PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { contextReach } from './contextReach.ts';
import { describeContexts, isRemote } from './describeContexts.ts';
import { hashContext } from './hashContext.ts';
import { resolveImages } from './resolveImages.ts';
import { surveyDockerfile } from './surveyDockerfile.ts';
import { Undecided } from './Undecided.ts';

/** Changes with the meaning of a key: then no image of before is found. */
const keyVersion = 1;

/** All that decides what comes out of a build. */
export interface KeyInputs {
  /** An absolute folder, or an address. */
  readonly context: string;
  /** Absolute. */
  readonly dockerfile: string;
  /** The Dockerfile itself, where it lies in no file. */
  readonly inline?: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
  /** Never empty: where none is asked for, the builder's own. */
  readonly platforms: readonly string[];
  /** `NAME=value`, also of the form `index:NAME=value`. */
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  /** By name; folders are absolute. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Further contexts, which are what other builds make: by name, their keys. */
  readonly builds?: Readonly<Record<string, BuildKey>>;
  /** Their ids, never their values. */
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  /** All else that changes the image: network, ulimit, shm-size, add-hosts, provenance, sbom, outputs … */
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** `no-cache`, also for some stages only: the person wants the steps to run. */
  readonly noCache: boolean;
  /** `pull`: the person wants the registry to be asked by the builder. */
  readonly pull: boolean;
}

export interface BuildKey {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** The images of the FROMs that the build, and the builds under it, need. */
  readonly bases: readonly PinnedReference[];
  /** Of all images that are in the key: whatever else the builder used is not. */
  readonly digests: readonly string[];
  /** Whether only a part of the context is in the key: then a base must have no ONBUILD triggers. */
  readonly narrowed: boolean;
  /** Whether the Dockerfile leaves triggers for the builds on its image. */
  readonly triggers: boolean;
  readonly platforms: readonly string[];
  /** Files, folders and links that are in the key. */
  readonly entries: number;
  readonly bytes: number;
}

/** Why there is no key: the end of the sentence "The image was built, because …". */
export interface NoKey {
  readonly key: undefined;
  readonly because: string;
}

/**
 * One key for all builds that would give the same image: the same inputs, byte by byte, on the same
 * base images. What a RUN step fetches from outside is not part of it; the age of what is found is
 * bounded for that.
 */
export async function buildKey(
  inputs: KeyInputs,
  registry: Pick<RegistryClient, 'digest'>,
  signal?: AbortSignal,
): Promise<BuildKey | NoKey> {
  try {
    return await decide(inputs, registry, signal);
  } catch (error) {
    if (error instanceof Undecided || error instanceof NotListable) {
      return { key: undefined, because: error.message };
    }
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    // A file went away or may not be read: the builder will say so, if it matters to it.
    return { key: undefined, because: `${path} could not be read (${code})` };
  }
}

async function decide(
  inputs: KeyInputs,
  registry: Pick<RegistryClient, 'digest'>,
  signal: AbortSignal | undefined,
): Promise<BuildKey> {
  const { context, platforms } = inputs;
  if (inputs.noCache) throw new Undecided('no-cache asks for a build');
  if (inputs.pull) throw new Undecided('pull asks the builder to look for newer base images');
  if (isRemote(context)) throw new Undecided('the builder itself fetches the context');
  if (platforms.length === 0) throw new Undecided("the builder's platform is not known");

  const builds = Object.entries(inputs.builds ?? {}).sort(byName);
  const triggering = builds.find(([, { triggers }]) => triggers);
  if (triggering !== undefined) {
    throw new Undecided(`the Dockerfile of ${triggering[0]} has ONBUILD triggers`);
  }
  const dockerfile = inputs.inline ?? (await readFile(inputs.dockerfile, 'utf8'));
  const survey = surveyDockerfile(dockerfile, {
    ...inputs,
    contexts: [...Object.keys(inputs.contexts), ...builds.map(([name]) => name)],
  });
  // The registries answer while the files are read.
  const [images, bases, contexts, content] = await Promise.all([
    resolveImages(survey.images, registry),
    resolveImages(survey.bases, registry),
    describeContexts(inputs.contexts, registry, signal),
    hashReached(inputs, survey.reach, signal),
  ]);
  const description = [
    keyVersion,
    dockerfile,
    content.hash,
    contexts,
    pairs(survey.images, images),
    pairs(survey.bases, bases),
    Object.entries(inputs.buildArgs).sort(byName),
    inputs.target ?? null,
    [...platforms].sort(),
    inputs.labels.filter(isLasting).sort(),
    inputs.annotations.filter(isLasting).sort(),
    [...inputs.secrets].sort(),
    [...inputs.ssh].sort(),
    Object.entries(inputs.options).sort(byName),
    // Of most builds there is nothing under them, and their keys stay as they were.
    ...(builds.length === 0 ? [] : [builds.map(([name, { key }]) => [name, key])]),
  ];
  const key = createHash('sha256').update(JSON.stringify(description)).digest('hex');
  const { entries, bytes } = content;
  const under = builds.map(([, build]) => build);
  return {
    ...{ key, platforms, entries, bytes },
    bases: [...bases, ...under.flatMap((build) => build.bases)],
    digests: [
      ...[...images, ...bases].map(({ digest }) => digest),
      ...contexts.flatMap(([, text]) => /sha256:[0-9a-f]{64}$/.exec(text) ?? []),
      ...under.flatMap((build) => build.digests),
    ],
    narrowed: content.narrowed || under.some((build) => build.narrowed),
    triggers: /^\s*ONBUILD\s/im.test(dockerfile),
  };
}

async function hashReached(
  { context, dockerfile, inline }: KeyInputs,
  reach: Parameters<typeof contextReach>[1],
  signal: AbortSignal | undefined,
) {
  const rules = await readIgnoreRules(context, inline === undefined ? dockerfile : undefined);
  const all = await listContext(context, rules, signal);
  const entries = contextReach(all, reach);
  return {
    hash: await hashContext(context, entries, signal),
    narrowed: entries.length < all.length,
    entries: entries.length,
    bytes: entries.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Of one that changes with every commit or second, the image that is found tells its own, truly. */
function isLasting(label: string): boolean {
  return !/^(?:[^=]*:)?org\.opencontainers\.image\.(?:created|revision)=/.test(label);
}

function pairs(names: readonly string[], images: readonly PinnedReference[]) {
  return names.map((name, index) => {
    const image = images[index];
    return [name, image === undefined ? '' : formatReference(image)];
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
