import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expandVariables, Unresolvable } from './expandVariables.ts';
import { type BuildFacts, type MountingRun, readStages, type Stage } from './readStages.ts';

/** A `RUN --mount=type=cache` whose contents can be kept. */
export interface CacheMount {
  /** A name for it that is safe everywhere; the same as long as BuildKit would take the same mount. */
  readonly key: string;
  /** As BuildKit has it: the target, where no id is written. */
  readonly id: string;
  /** Which make another mount of the same id. */
  readonly owner: Readonly<Partial<Record<'uid' | 'gid' | 'mode', string>>>;
  /** An image that the build uses at this place, so that its shell can read the mount. */
  readonly base: string;
}

export interface FoundMounts {
  readonly mounts: readonly CacheMount[];
  /** What is not kept, and why: for a person. */
  readonly leftOut: readonly { readonly mount: string; readonly why: string }[];
}

/** Anything else would need quotes in a Dockerfile, and nobody calls a mount so. */
const plainId = /^[\w./:@+~=%#^!-]+$/;

/** Finds the cache mounts of what a build comes through. */
export function findCacheMounts(text: string, facts: BuildFacts): FoundMounts {
  const mounts = new Map<string, CacheMount>();
  const leftOut = new Map<string, string>();
  const platforms = facts.platforms.length === 0 ? [facts.nativePlatform] : facts.platforms;
  for (const platform of platforms) {
    for (const stage of stagesOf(text, facts, platform, leftOut)) {
      for (const run of stage.runs) {
        for (const written of run.mounts) {
          const mount = whyNot(leftOut, written, () => readMount(written, run, stage));
          if (mount !== undefined && !mounts.has(mount.key)) mounts.set(mount.key, mount);
        }
      }
    }
  }
  return {
    mounts: [...mounts.values()],
    leftOut: [...leftOut].map(([mount, why]) => ({ mount, why })),
  };
}

function stagesOf(
  text: string,
  facts: BuildFacts,
  platform: string,
  leftOut: Map<string, string>,
): Stage[] {
  return whyNot(leftOut, 'the whole Dockerfile', () => readStages(text, facts, platform)) ?? [];
}

function whyNot<T>(leftOut: Map<string, string>, what: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unresolvable)) throw error;
    leftOut.set(what, error.message);
    return undefined;
  }
}

function readMount(
  written: string,
  { variables }: Pick<MountingRun, 'variables'>,
  { base }: Pick<Stage, 'base'>,
): CacheMount | undefined {
  const fields = fieldsOf(written);
  const read = (...names: string[]) => {
    const value = names.map((name) => fields.get(name)).find((found) => found !== undefined);
    return value === undefined ? undefined : expandVariables(value, variables);
  };
  if (read('type')?.toLowerCase() !== 'cache') return undefined;
  const target = read('target', 'dst', 'destination');
  const id = read('id') || (target && posix.normalize(target).replace(/(.)\/$/, '$1'));
  if (id === undefined || !plainId.test(id)) throw new Unresolvable('its id is not a plain word');
  if (read('from') !== undefined || read('source', 'src') !== undefined) {
    throw new Unresolvable('it begins with the contents of an image');
  }
  if (base === 'scratch') throw new Unresolvable('its stage has no image with a shell');
  const owner: Partial<Record<'uid' | 'gid' | 'mode', string>> = {};
  for (const name of ['uid', 'gid', 'mode'] as const) {
    const value = read(name);
    if (value === undefined) continue;
    if (!/^\d+$/.test(value)) throw new Unresolvable(`its ${name} is not a number`);
    owner[name] = value;
  }
  const identity = JSON.stringify([id, owner.uid, owner.gid, owner.mode]);
  const key = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return { key, id, owner, base };
}

function fieldsOf(written: string): Map<string, string> {
  const [fields = []] = parse(written, { relax_quotes: true }) as string[][];
  return new Map(
    fields.map((field) => {
      const at = field.indexOf('=');
      return at === -1
        ? [field.toLowerCase(), '']
        : [field.slice(0, at).toLowerCase(), field.slice(at + 1)];
    }),
  );
}
