import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { attachByTag } from './attachByTag.ts';
import type { Content } from './Content.ts';
import { findManifest } from './findManifest.ts';
import { fallbackTag, listReferrers } from './listReferrers.ts';
import { listTags } from './listTags.ts';
import { type Patience, patiently } from './patiently.ts';
import { pushContent, transfersAtOnce } from './pushContent.ts';
import { pushManifest } from './pushManifest.ts';
import {
  type Digest,
  formatReference,
  type PinnedReference,
  pin,
  type Reference,
} from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { registryContent } from './registryContent.ts';
import { sideBySide } from './sideBySide.ts';

export interface CopyImageOptions {
  readonly from: PinnedReference;
  /** The repository to copy into. */
  readonly to: Reference;
  /** Set at the end, when everything is there. */
  readonly tags: readonly string[];
  readonly source: RegistryClient;
  /** The same one, when it may speak to both registries. */
  readonly target: RegistryClient;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** For all of it, waiting included. */
  readonly deadlineMs?: number;
  /** Told as each one arrives, so that it is known whatever happens next. */
  readonly onCopied?: (copied: CopiedManifest) => void;
}

export interface CopiedManifest {
  readonly digest: Digest;
  /** `image` is what was asked for and its platforms; all else is attached to it. */
  readonly kind: 'image' | 'referrer';
  /** Of what is attached, as its list says. */
  readonly artifactType?: string | undefined;
  readonly outcome: 'there' | 'sent';
}

export interface CopiedImage {
  readonly reference: PinnedReference;
  readonly copied: readonly CopiedManifest[];
  readonly sentBytes: number;
}

/** Where cosign keeps what it attached before there were referrers: `sha256-<hex>.sig`. */
const cosignSuffixes = ['.sig', '.att', '.sbom'];

/**
 * Copies a digest to another repository or registry, with all platforms and all that is attached to
 * it (by the registry's list, by tag, and by cosign's tags), and what is attached to that. Digests
 * stay what they are. What is there is not sent again, so that a copy that failed goes on.
 *
 * @throws {Failure} when a registry refuses, or the time is over; the details name what was copied
 */
export async function copyImage(options: CopyImageOptions): Promise<CopiedImage> {
  const { from, to, tags, source, target, log, signal, onCopied } = options;
  const { deadlineMs = 30 * 60_000 } = options;
  const patience: Patience = { until: Date.now() + deadlineMs, log, signal };
  const copied: CopiedManifest[] = [];
  const copy = new Copy({ from, to, source, target, patience }, (one) => {
    copied.push(one);
    onCopied?.(one);
  });
  try {
    await copy.all();
    await copy.tag(tags);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure({
      ...{ what: error.what, why: error.why, remedy: error.remedy, cause: error },
      details: [error.details, ...listed(copied, to)].filter(Boolean).join('\n'),
    });
  }
  return { reference: pin(to, from.digest), copied, sentBytes: copy.sentBytes };
}

type Sides = Pick<CopyImageOptions, 'from' | 'to' | 'source' | 'target'> & {
  readonly patience: Patience;
};

class Copy {
  readonly #sides: Sides;
  readonly #content: Content;
  readonly #tell: (copied: CopiedManifest) => void;
  readonly #seen = new Set<Digest>();
  #sourceTags: ReadonlySet<string> = new Set();
  readonly #cosignTags: string[] = [];
  #keepsLists = false;
  sentBytes = 0;

  constructor(sides: Sides, tell: (copied: CopiedManifest) => void) {
    this.#sides = sides;
    this.#content = registryContent(sides.source, sides.from, sides.patience);
    this.#tell = tell;
  }

  async all(): Promise<void> {
    const { from, to, source, target } = this.#sides;
    await this.#tree(from.digest, 'image');
    this.#sourceTags = new Set(await this.#patiently('the tags', () => listTags(source, from)));
    const own = await this.#patiently('what is attached', () =>
      listReferrers(target, pin(to, from.digest)),
    );
    this.#keepsLists = own.byApi;
    await this.#attached([...this.#seen]);
  }

  /** Cosign's tags first: whoever sees an image's tag finds its signatures. */
  async tag(tags: readonly string[]): Promise<void> {
    const { from, to, source, target, patience } = this.#sides;
    for (const tag of this.#cosignTags) {
      const manifest = await this.#patiently(`${tag}`, () =>
        source.manifest({ ...named(from), tag }),
      );
      await pushManifest(target, { ...named(to), tag }, manifest, patience);
    }
    const manifest = await this.#content.manifest(from.digest);
    for (const tag of tags) {
      await pushManifest(target, { ...named(to), tag }, manifest, patience);
      patience.log.info(`Tagged ${formatReference({ ...named(to), tag })} (${from.digest}).`);
    }
  }

  async #tree(digest: Digest, kind: CopiedManifest['kind'], artifactType?: string) {
    if (this.#seen.has(digest)) return [];
    const { to, target: client, patience } = this.#sides;
    const pushed = await pushContent({
      ...{ content: this.#content, digest, to, client, patience },
      onManifest: (done, outcome) =>
        this.#tell({ digest: done, kind, outcome, ...(artifactType && { artifactType }) }),
    });
    for (const one of pushed.digests) this.#seen.add(one);
    this.sentBytes += pushed.sentBytes;
    return pushed.digests;
  }

  /** What is attached to these, and what is attached to that. */
  async #attached(subjects: readonly Digest[]): Promise<void> {
    const { from, to, source, target, patience } = this.#sides;
    const lists = await sideBySide(subjects, transfersAtOnce, async (subject) => {
      const { manifests } = await this.#patiently(`what is attached to ${subject}`, () =>
        listReferrers(source, pin(from, subject)),
      );
      return [subject, manifests] as const;
    });
    const added: Digest[] = [];
    for (const [subject, manifests] of lists) {
      for (const { digest, artifactType } of manifests) {
        added.push(...(await this.#tree(digest, 'referrer', artifactType)));
      }
      if (!this.#keepsLists && manifests.length > 0) {
        await attachByTag(target, pin(to, subject), manifests, patience);
      }
      for (const suffix of cosignSuffixes) added.push(...(await this.#byCosign(subject, suffix)));
    }
    if (added.length > 0) await this.#attached(added);
  }

  async #byCosign(subject: Digest, suffix: string): Promise<readonly Digest[]> {
    const { from, source } = this.#sides;
    const tag = `${fallbackTag(subject)}${suffix}`;
    if (!this.#sourceTags.has(tag)) return [];
    const digest = await this.#patiently(tag, () => findManifest(source, { ...named(from), tag }));
    if (digest === undefined) return [];
    this.#cosignTags.push(tag);
    return this.#tree(digest, 'referrer');
  }

  #patiently<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const { from, patience } = this.#sides;
    return patiently(`Reading ${what} in ${from.registry}/${from.repository}`, ask, patience);
  }
}

function named({ registry, repository }: Reference): Reference {
  return { registry, repository };
}

function listed(copied: readonly CopiedManifest[], to: Reference): readonly string[] {
  if (copied.length === 0) return ['Nothing had been copied.'];
  const lines = copied.map(
    ({ digest, kind, artifactType, outcome }) =>
      `${digest} (${[kind, artifactType, outcome === 'there' ? 'was there' : 'sent'].filter(Boolean).join(', ')})`,
  );
  return [`Copied to ${to.registry}/${to.repository} before that:`, ...lines];
}
