import type { Candidate } from '../../../../shared/base/bestBase.ts';
import type { Base, BaseEffects } from '../../../../shared/base/findBase.ts';
import { newerTags } from '../../../../shared/base/newerTags.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { listTags } from '../../../../shared/oci/listTags.ts';
import { pin, type Reference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { LookAgain } from '../Seen.ts';

/** Each is a scan; there is one for the tag as it is now, and one for each kind of step. */
const mostCandidates = 5;

/** Scans what could stand in the place of a base: its tag as it is now, and newer tags of its variant. */
export async function judgeCandidates(
  { named, image }: Base,
  platform: string,
  { inspect, judge }: LookAgain,
  { registry, patience }: BaseEffects & { readonly registry: RegistryClient },
): Promise<{ candidates: Candidate[]; unjudged: Reference[] }> {
  const candidates: Candidate[] = [];
  const unjudged: Reference[] = [];
  const { tag } = named;
  if (tag === undefined) return { candidates, unjudged };
  const newer = newerTags(tag, await listTags(registry, named));
  for (const next of [tag, ...newer].slice(0, mostCandidates)) {
    const { registry: host, repository } = named;
    const other = { registry: host, repository, tag: next };
    try {
      const { digest } = await registry.manifest(other);
      if (digest === image.digest) continue;
      const pinned = pin(other, digest);
      const seen = await inspect({ kind: 'image', image: pinned, platform });
      // What was not seen of it could be more than is removed.
      if (seen.gaps.length > 0) unjudged.push(other);
      else candidates.push({ named: other, image: pinned, counted: judge(seen).counted });
    } catch (error) {
      patience.signal?.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      unjudged.push(other);
    }
  }
  return { candidates, unjudged };
}
