import { count } from '../text/count.ts';
import type { Digest } from './Reference.ts';

/** A manifest of a repository, as far as it is known. */
export interface StoredManifest {
  readonly digest: Digest;
  /** When it was made or pushed; `undefined` where nothing trustworthy tells. */
  readonly createdAt: Date | undefined;
  readonly tags: readonly string[];
  /** What an index names. */
  readonly children: readonly Digest[];
  /** What it is attached to: its subject, or that of the fallback or cosign tag which names it. */
  readonly subject: Digest | undefined;
}

export interface RetentionRules {
  /** What a release runs, anywhere: images or indexes. */
  readonly running: ReadonlySet<Digest>;
  /** What is younger stays. */
  readonly days: number;
  readonly now: Date;
  /** Tags by which a build is found again. */
  readonly isKeyTag: (tag: string) => boolean;
  /** Tags under which caches lie. */
  readonly isCacheTag: (tag: string) => boolean;
}

export interface Judged {
  readonly digest: Digest;
  readonly subject: Digest | undefined;
  readonly tags: readonly string[];
  /** Ends a sentence: `it stays, because …`, `it goes, because …`. */
  readonly because: string;
}

export interface RetentionPlan {
  /** In the order of removal: what names others before them. */
  readonly remove: readonly Judged[];
  readonly keep: readonly Judged[];
}

const msPerDay = 24 * 3600 * 1000;
/** Tags that stand for a list of referrers, or for what cosign attached: not for people. */
const machineTag = /^sha(?:256|512)-[0-9a-f]{64,128}(?:\.(?:sig|att|sbom))?$/;

/**
 * Says what of a repository can be removed, and why each other manifest stays. Removed are only what
 * nobody needs by its nature: old keys of builds, old caches, what is attached to something that is
 * gone, and what only they named. What a release runs, a tag names or is young stays, with all that
 * belongs to it; so does what we know too little of.
 */
export function planRetention(
  manifests: readonly StoredManifest[],
  rules: RetentionRules,
): RetentionPlan {
  const known = new Known(manifests);
  const kept = new Map<Digest, string>();
  const keep = (digest: Digest, because: string) => {
    const manifest = known.all.get(digest);
    if (manifest === undefined || kept.has(digest)) return;
    kept.set(digest, because);
    for (const child of known.parts(manifest)) keep(child, `it belongs to ${digest}`);
    for (const referrer of known.referrers(digest)) {
      if (!isExpired(referrer, rules)) keep(referrer.digest, `it is attached to ${digest}`);
    }
    if (manifest.subject !== undefined) keep(manifest.subject, `${digest} is attached to it`);
  };

  for (const { digest, children } of manifests) {
    if (rules.running.has(digest)) keep(digest, 'a release runs it');
    // A pod may name the image of its platform, where the release names the index.
    else if (children.some((child) => rules.running.has(child))) {
      keep(digest, 'a release runs an image of it');
    }
  }
  for (const { digest, tags } of manifests) {
    const named = tags.filter((tag) => isForPeople(tag, rules));
    if (named.length > 0) keep(digest, `it is tagged ${named.join(', ')}`);
  }
  for (const manifest of manifests) {
    const young = youth(manifest, rules);
    // What belongs to something is as old as that, where it does not tell its age itself.
    const tells = manifest.createdAt !== undefined || !known.belongs(manifest);
    if (young !== undefined && tells) keep(manifest.digest, young);
  }
  const reasons = removable(known, rules);
  for (const { digest } of manifests) {
    if (!reasons.has(digest)) keep(digest, 'nothing says that it is a cache or a key of a build');
  }
  const judged = (digest: Digest, because: string): Judged => {
    const { tags = [], subject } = known.all.get(digest) ?? {};
    return { digest, tags, subject, because };
  };
  const rest = manifests.filter(({ digest }) => !kept.has(digest));
  return {
    remove: known
      .inOrder(rest)
      .map(({ digest }) => judged(digest, reasons.get(digest) ?? 'nothing keeps it')),
    keep: [...kept].map(([digest, because]) => judged(digest, because)),
  };
}

/** The manifests of a repository, by what leads from one to another. */
class Known {
  readonly all: ReadonlyMap<Digest, StoredManifest>;
  readonly #referrers: ReadonlyMap<Digest | undefined, readonly StoredManifest[]>;
  readonly #parents = new Map<Digest, StoredManifest[]>();

  constructor(manifests: readonly StoredManifest[]) {
    this.all = new Map(manifests.map((manifest) => [manifest.digest, manifest]));
    this.#referrers = Map.groupBy(manifests, ({ subject }) => subject);
    for (const manifest of manifests) {
      for (const child of this.parts(manifest)) {
        this.#parents.set(child, [...(this.#parents.get(child) ?? []), manifest]);
      }
    }
  }

  referrers(digest: Digest): readonly StoredManifest[] {
    return this.#referrers.get(digest) ?? [];
  }

  /** What an index consists of. A list of referrers only tells of them: each has its own subject. */
  parts({ tags, children }: StoredManifest): readonly Digest[] {
    return tags.some((tag) => machineTag.test(tag)) ? [] : children;
  }

  belongs({ digest, subject }: StoredManifest): boolean {
    return this.#parents.has(digest) || (subject !== undefined && this.all.has(subject));
  }

  /** Indexes before what they name, and what is attached before what it is attached to. */
  inOrder(manifests: readonly StoredManifest[]): readonly StoredManifest[] {
    const wanted = new Set(manifests);
    const ordered = new Set<StoredManifest>();
    const seen = new Set<StoredManifest>();
    const visit = (manifest: StoredManifest) => {
      if (seen.has(manifest)) return;
      seen.add(manifest);
      for (const parent of this.#parents.get(manifest.digest) ?? []) visit(parent);
      for (const referrer of this.referrers(manifest.digest)) visit(referrer);
      if (wanted.has(manifest)) ordered.add(manifest);
    };
    for (const manifest of manifests) visit(manifest);
    return [...ordered];
  }
}

function isForPeople(tag: string, { isKeyTag, isCacheTag }: RetentionRules): boolean {
  return !isKeyTag(tag) && !isCacheTag(tag) && !machineTag.test(tag);
}

/** Why its age keeps it, if it does. */
function youth({ createdAt }: StoredManifest, { days, now }: RetentionRules): string | undefined {
  if (createdAt === undefined) return 'nothing tells its age';
  const age = (now.getTime() - createdAt.getTime()) / msPerDay;
  return age < days ? `it is ${count(Math.max(0, Math.floor(age)), 'day')} old` : undefined;
}

/** A key of a build that is of no use any more does not stay for the image it is attached to. */
function isExpired(manifest: StoredManifest | undefined, rules: RetentionRules): boolean {
  if (manifest === undefined) return false;
  const { tags, children } = manifest;
  return (
    tags.length > 0 &&
    tags.every((tag) => rules.isKeyTag(tag)) &&
    children.length === 0 &&
    youth(manifest, rules) === undefined
  );
}

/** What may go, if nothing keeps it: by its own nature, or since it belongs to such. */
function removable(
  known: Known,
  { isKeyTag, isCacheTag }: RetentionRules,
): ReadonlyMap<Digest, string> {
  const reasons = new Map<Digest, string>();
  const mark = (digest: Digest, because: string) => {
    const manifest = known.all.get(digest);
    if (manifest === undefined || reasons.has(digest)) return;
    reasons.set(digest, because);
    for (const child of known.parts(manifest)) mark(child, `it belongs to ${digest}`);
    for (const referrer of known.referrers(digest)) {
      mark(referrer.digest, `it is attached to ${digest}`);
    }
  };
  for (const { digest, tags, subject } of known.all.values()) {
    if (subject !== undefined && !known.all.has(subject)) {
      mark(digest, `what it is attached to, ${subject}, is gone`);
    } else if (tags.some(isCacheTag)) mark(digest, 'it is an old cache');
    else if (tags.some(isKeyTag)) {
      mark(digest, 'it is an old key of a build');
      if (subject !== undefined) mark(subject, 'only an old key of a build leads to it');
    }
  }
  return reasons;
}
