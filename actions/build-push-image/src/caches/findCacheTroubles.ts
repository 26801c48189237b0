import { oneLine } from '../../../../shared/log/oneLine.ts';
import { plainText } from '../../../../shared/log/sanitize.ts';

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

/** Finds them in what `buildx build --progress plain` printed; a step fails by a line `#N ERROR: …`. */
export function findCacheTroubles(output: string): CacheTrouble[] {
  const steps = new Map<string, Pick<CacheTrouble, 'deed' | 'cache'>>();
  const troubles: CacheTrouble[] = [];
  for (const line of plainText(output).split('\n')) {
    const [, step = '', text = ''] = /^#(\d+) (.*)$/.exec(line) ?? [];
    const [, imported] = /^importing cache manifest from (\S+)$/.exec(text) ?? [];
    const [, exported] = /^exporting cache to (.+)$/.exec(text) ?? [];
    if (imported !== undefined) steps.set(step, { deed: 'import', cache: imported });
    else if (exported !== undefined) steps.set(step, { deed: 'export', cache: exported });
    const [, error] = /^ERROR: (.*)$/.exec(text) ?? [];
    const found = steps.get(step);
    if (error === undefined || found === undefined) continue;
    troubles.push({ ...found, why: oneLine(error), kind: kindOf(error, found.deed) });
  }
  return troubles;
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
