import type { Statement } from '../../../../../shared/evidence/Statement.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import type { PinnedReference } from '../../../../../shared/oci/Reference.ts';

export const cachePredicate = 'https://github.com/data-platform/platform-actions/cache/v1';

/** Who wrote a cache, for what. */
export interface CacheOrigin {
  /** On GitHub: `acme/web`. */
  readonly repository: string;
  readonly branch: string;
  /** The tag of the cache, so that a signed one cannot stand in for another kind or platform. */
  readonly tag: string;
}

/** What is claimed of a cache by whoever wrote it. */
export function cacheStatement(
  reference: PinnedReference,
  origin: CacheOrigin,
  run: { readonly commit: string | undefined; readonly runId: string | undefined },
): Statement {
  return {
    subject: { name: `${reference.registry}/${reference.repository}`, digest: reference.digest },
    predicateType: cachePredicate,
    predicate: { ...origin, ...run },
  };
}

/** Why a signed cache is not the wanted one, as the end of a sentence; nothing when it is. */
export function refuseOrigin(
  { predicate }: Pick<Statement, 'predicate'>,
  wanted: CacheOrigin,
): string | undefined {
  for (const name of ['repository', 'branch', 'tag'] as const) {
    const said = predicate[name];
    if (said === wanted[name]) continue;
    const other = typeof said === 'string' ? oneLine(said, 100) : 'nothing';
    return `it is signed for the ${name} ${other}, not ${wanted[name]}`;
  }
  return undefined;
}
