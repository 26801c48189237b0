import type { Log } from '../log/Log.ts';
import type { Content } from './Content.ts';
import { fetchBlob } from './fetchBlob.ts';
import { listReferrers } from './listReferrers.ts';
import { listTags } from './listTags.ts';
import { manifestTypes } from './Manifest.ts';
import { type Patience, patiently } from './patiently.ts';
import type { StoredManifest } from './planRetention.ts';
import { transfersAtOnce } from './pushContent.ts';
import { type Digest, parseDigest, pin, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { type ManifestFields, readManifest } from './readManifest.ts';
import { registryContent } from './registryContent.ts';
import { sideBySide } from './sideBySide.ts';

export interface ReadRepositoryOptions {
  readonly repository: Reference;
  readonly client: RegistryClient;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number;
}

/** Before there were containers: such a date was set for reproducible builds and tells nothing. */
const implausible = Date.parse('2013-01-01T00:00:00Z');
const created = 'org.opencontainers.image.created';
const subjectTag = /^(sha256|sha512)-([0-9a-f]{64,128})(?:\.(?:sig|att|sbom))?$/;

/**
 * Reads what a repository holds, as far as it can be found: by its tags, what they name, and what is
 * attached to that. A registry without a list of its own does not tell of what nothing leads to.
 *
 * @throws {Failure} when the registry refuses, or the time is over
 */
export async function readRepository(
  options: ReadRepositoryOptions,
): Promise<readonly StoredManifest[]> {
  const { repository, client, log, signal, deadlineMs = 15 * 60_000 } = options;
  const patience: Patience = { until: Date.now() + deadlineMs, log, signal };
  const content = registryContent(client, repository, patience);
  const name = `${repository.registry}/${repository.repository}`;
  const again = <T>(what: string, ask: () => Promise<T>) =>
    patiently(`Reading ${what} of ${name}`, ask, patience);

  const tags = await again('the tags', () => listTags(client, repository));
  const named = await sideBySide(tags, transfersAtOnce, async (tag) => {
    const at = { registry: repository.registry, repository: repository.repository, tag };
    return [tag, await again(tag, () => client.findDigest(at, { repeatable: false }))] as const;
  });
  const tagsOf = new Map<Digest, string[]>();
  for (const [tag, digest] of named) {
    if (digest !== undefined) tagsOf.set(digest, [...(tagsOf.get(digest) ?? []), tag]);
  }

  const found = new Map<Digest, StoredManifest>();
  const seen = new Set(tagsOf.keys());
  for (let next = [...seen]; next.length > 0; ) {
    const led = await sideBySide(next, transfersAtOnce, async (digest) => {
      const manifest = await readOne(content, digest, patience).catch(async (error: unknown) => {
        // A tag or an index may name what was removed.
        const there = await again(digest, () =>
          client.findDigest(pin(repository, digest), { repeatable: false }),
        );
        if (there !== undefined) throw error;
      });
      if (manifest === undefined) return [];
      const own = tagsOf.get(digest) ?? [];
      found.set(digest, { ...manifest, tags: own, subject: manifest.subject ?? subjectOf(own) });
      const { manifests } = await again(`what is attached to ${digest}`, () =>
        listReferrers(client, pin(repository, digest)),
      );
      return [...manifest.children, ...manifests.map((referrer) => referrer.digest)];
    });
    next = led.flat().filter((digest) => !seen.has(digest) && seen.add(digest));
  }
  return withAges(found);
}

async function readOne(
  content: Content,
  digest: Digest,
  patience: Patience,
): Promise<Omit<StoredManifest, 'tags'>> {
  const { bytes } = await content.manifest(digest);
  const fields = readManifest(bytes, digest);
  // An index can also be BuildKit's list of a cache's layers, which are no manifests.
  const children = (fields.manifests ?? [])
    .filter(({ mediaType }) => (manifestTypes as readonly string[]).includes(mediaType))
    .map((child) => child.digest);
  const createdAt = await readAge(content, fields, patience);
  return { digest, createdAt, children, subject: fields.subject?.digest };
}

/** When it was made, by its own word or that of its configuration. */
async function readAge(
  content: Content,
  fields: ManifestFields,
  patience: Patience,
): Promise<Date | undefined> {
  const said = plausible(fields.annotations?.[created]);
  const config =
    fields.config ??
    fields.manifests?.find(({ mediaType }) => mediaType.includes('buildkit.cacheconfig'));
  if (said !== undefined || !config || !/config/.test(config.mediaType)) return said;
  const json = JSON.parse((await fetchBlob(content, config, patience)).toString()) as {
    readonly created?: unknown;
    readonly records?: readonly { readonly layers?: readonly { readonly createdAt?: unknown }[] }[];
  };
  const records = json.records?.flatMap(({ layers = [] }) =>
    layers.map(({ createdAt }) => plausible(createdAt)),
  );
  return newest([plausible(json.created), ...(records ?? [])]);
}

/** An index is as old as the newest of what it names. */
function withAges(found: ReadonlyMap<Digest, StoredManifest>): readonly StoredManifest[] {
  const ageOf = (digest: Digest, path: readonly Digest[]): Date | undefined => {
    const manifest = found.get(digest);
    if (manifest === undefined || path.includes(digest)) return undefined;
    const ages = manifest.children.map((child) => ageOf(child, [...path, digest]));
    return manifest.createdAt ?? newest(ages);
  };
  return [...found.values()].map((manifest) => ({
    ...manifest,
    createdAt: ageOf(manifest.digest, []),
  }));
}

/** What a fallback tag of referrers, or one of cosign, says it is attached to. */
function subjectOf(tags: readonly string[]): Digest | undefined {
  for (const tag of tags) {
    const [, algorithm, hex] = subjectTag.exec(tag) ?? [];
    if (hex === undefined) continue;
    try {
      return parseDigest(`${algorithm}:${hex}`);
    } catch {
      // A tag that only looks like one.
    }
  }
  return undefined;
}

function plausible(date: unknown): Date | undefined {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return time > implausible ? new Date(time) : undefined;
}

function newest(dates: readonly (Date | undefined)[]): Date | undefined {
  const times = dates.filter((date) => date !== undefined).map((date) => date.getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
