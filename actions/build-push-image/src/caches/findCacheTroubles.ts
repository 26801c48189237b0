import { oneLine } from '../../../../shared/log/oneLine.ts';

/** A cache that could not be read or written; the build went on without it. */
export interface CacheTrouble {
  readonly deed: 'import' | 'export';
  /** What buildx calls it: a reference for an import, a kind for an export. Untrusted. */
  readonly cache: string;
  /** BuildKit's own words. Untrusted. */
  readonly why: string;
  /** `missing` is every first build; `refused` is a matter of permissions. */
  readonly kind: 'missing' | 'refused' | 'limited' | 'broken';
}

/** Finds them among the steps of a build: reading and writing a cache are steps of their own. */
export function findCacheTroubles(
  steps: readonly { readonly text: string; readonly error?: string | undefined }[],
): CacheTrouble[] {
  return steps.flatMap(({ text, error }) => {
    if (error === undefined) return [];
    const [, imported] = /^importing cache manifest from (\S+)$/.exec(text) ?? [];
    const [, exported] = /^exporting cache to (.+)$/.exec(text) ?? [];
    const cache = imported ?? exported;
    if (cache === undefined) return [];
    const deed = imported === undefined ? 'export' : 'import';
    return [{ deed, cache, why: oneLine(error), kind: kindOf(error, deed) } as const];
  });
}

function kindOf(error: string, deed: CacheTrouble['deed']): CacheTrouble['kind'] {
  // A part of a cache that is not found is a broken cache, not a missing one.
  if (deed === 'import' && /^failed to configure \S+ cache importer: .*: not found$/.test(error)) {
    return 'missing';
  }
  if (/\b429\b|too many ?requests/i.test(error)) return 'limited';
  if (/\b40[13]\b|denied|unauthorized|forbidden|authoriz|insufficient_scope/i.test(error)) {
    return 'refused';
  }
  return 'broken';
}
