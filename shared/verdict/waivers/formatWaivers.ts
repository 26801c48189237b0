import { stringify } from 'yaml';
import type { Waiver } from '../Waiver.ts';

/** What old lists do not say. */
export interface Missing {
  readonly owner: string;
  /** As it is written in the file. */
  readonly expires: string;
  readonly reason?: string | undefined;
}

/**
 * Writes waivers as the file that is read. What one lacks is filled in; its own reason and end stay.
 * Two of the same scope become one.
 */
export function formatWaivers(waivers: readonly Waiver[], missing: Missing): string {
  const byScope = new Map<string, object>();
  for (const waiver of waivers) {
    const { id, purl, path, lacks = [] } = waiver;
    const scope = JSON.stringify([id.toUpperCase(), waiver.package, purl, path]);
    if (byScope.has(scope)) continue;
    byScope.set(scope, {
      id,
      package: waiver.package,
      purl,
      path,
      owner: lacks.includes('owner') ? missing.owner : waiver.owner,
      reason: lacks.includes('reason')
        ? (missing.reason ?? `Taken over from ${waiver.source}, where no reason was given.`)
        : waiver.reason,
      expires: lacks.includes('expires') ? missing.expires : written(waiver.expires),
    });
  }
  return stringify([...byScope.values()], { keepUndefined: false });
}

/** A day is written as a day: it ends as the next one begins. */
function written(expires: Date): string {
  return expires.getTime() % (24 * 3_600_000) === 0
    ? new Date(expires.getTime() - 1).toISOString().slice(0, 10)
    : expires.toISOString();
}
