import { formatReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { cacheTag } from './cacheTag.ts';
import type { Branches } from './readBranches.ts';

/** What is said in the input `cache`. */
export const cacheModes = ['registry', 'inline', 'gha', 'off'] as const;
export type CacheMode = (typeof cacheModes)[number];

export interface CacheWishes {
  /** `undefined` when nothing was said. */
  readonly mode: CacheMode | undefined;
  /** The inputs `cache-from` and `cache-to`; what is given there is taken as it is. */
  readonly given: { readonly from: readonly string[]; readonly to: readonly string[] };
  readonly image: Reference;
  readonly push: boolean;
  readonly noCache: boolean;
  /** What tells builds of this image apart that would write over each other's cache. */
  readonly scope: readonly string[];
  readonly branches: Branches;
  /** Docker's own driver without the containerd store cannot write a cache elsewhere. */
  readonly builder: { readonly canCacheExport: boolean };
}

/** An image of which the tag is the cache. */
export interface CachePlace {
  readonly branch: string;
  readonly reference: Reference;
}

export interface CachePlan {
  /** Given by the user, or needing no registry of ours: values of `--cache-from` and `--cache-to`. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Ours in the registry: looked for in this order; when caches are signed, pinned before. */
  readonly imports: readonly CachePlace[];
  readonly export: CachePlace | undefined;
  /** Nobody asked for these imports and nobody logged in: a refusal is no news. */
  readonly mayBeOutOfReach: boolean;
  /** What a person may wonder about, one sentence each. */
  readonly notes: readonly string[];
}

const none: CachePlan = {
  from: [],
  to: [],
  imports: [],
  export: undefined,
  mayBeOutOfReach: false,
  notes: [],
};

/** Decides where a build's cache comes from and goes to. */
export function planCache(wishes: CacheWishes): CachePlan {
  const { mode, given, push, noCache, branches, builder } = wishes;
  if (given.from.length > 0 || given.to.length > 0) {
    return { ...none, from: given.from, to: given.to.map(harmless) };
  }
  if (mode === 'off') return none;
  if (mode === 'gha') return { ...none, ...gha(wishes) };
  if (mode === 'inline') {
    return { ...none, from: noCache ? [] : imagesOf(wishes), to: ['type=inline'] };
  }
  const plan: CachePlan = {
    ...none,
    imports: noCache ? [] : branchesOf(branches).map((branch) => place(wishes, branch)),
    mayBeOutOfReach: mode === undefined && !push,
  };
  if (branches.untrusted) return { ...plan, notes: push ? [untrustedNote] : [] };
  if (!push || branches.branch === undefined) return plan;
  if (!builder.canCacheExport) return { ...plan, notes: [builderNote] };
  return { ...plan, export: place(wishes, branches.branch) };
}

const untrustedNote = 'No cache is written: this run comes from a fork or from Dependabot.';
const builderNote =
  'No cache is written: this builder cannot export one; one of the driver docker-container, kubernetes or remote can.';

/** The value of `--cache-from` for a cache of ours in the registry. */
export function importOf({ reference }: CachePlace): string {
  return `type=registry,ref=${formatReference(reference)}`;
}

/**
 * The value of `--cache-to`. An image manifest in place of an index is what ACR, ECR and others take
 * as well; a cache that cannot be written fails no build.
 */
export function exportOf({ reference }: CachePlace): string {
  return `type=registry,ref=${formatReference(reference)},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`;
}

/** As given, but not to fail the build; inline caches are part of the image and know no such option. */
function harmless(to: string): string {
  const parts = to.split(',');
  const isInline = parts.includes('type=inline');
  const says = parts.some((part) => part.startsWith('ignore-error='));
  // A bare reference is short for a registry, and takes no further options.
  if (isInline || says || !parts.some((part) => part.startsWith('type='))) return to;
  return `${to},ignore-error=true`;
}

function place({ image, scope }: CacheWishes, branch: string): CachePlace {
  return { branch, reference: { ...image, tag: cacheTag('buildcache', branch, scope) } };
}

function branchesOf({ branch, fallbacks }: Branches): string[] {
  return branch === undefined ? [...fallbacks] : [branch, ...fallbacks];
}

/** Inline caches lie in the images themselves, which branches tag with their names. */
function imagesOf({ image, branches }: CacheWishes): string[] {
  return branchesOf(branches).map((branch) => {
    const tag = branch.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
    return importOf({ branch, reference: { ...image, tag } });
  });
}

/** GitHub parts its cache by branch itself. */
function gha({ scope, image, noCache, branches }: CacheWishes): Pick<CachePlan, 'from' | 'to'> {
  const name = `scope=${[image.repository, ...scope].join('-').replace(/[^\w.-]+/g, '-')}`;
  return {
    from: noCache ? [] : [`type=gha,${name}`],
    to: branches.untrusted ? [] : [`type=gha,${name},mode=max,ignore-error=true`],
  };
}
