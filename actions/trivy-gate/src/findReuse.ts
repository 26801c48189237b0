import { jobIssuer } from '../../../shared/action/jobIssuer.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import type { Digest, PinnedReference } from '../../../shared/oci/Reference.ts';
import { findReusable, type Reused } from './evidence/findReusable.ts';
import { reuseTrust } from './evidence/reuseTrust.ts';
import type { Gate } from './Gate.ts';
import type { Inputs } from './inputs.ts';

/** Longer than this nobody should live by a verdict of before, whatever has not changed. */
const longestMs = 24 * 3_600_000;

/** Looks for a verdict that was signed by somebody who counts. */
export function findReuse(
  image: PinnedReference,
  key: Digest,
  { evidence }: Inputs,
  { registry, patience, event }: Gate,
  { env }: Runner,
  now: Date,
): Promise<Reused> {
  const trust = reuseTrust(evidence, {
    repositoryUrl: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}`,
    defaultBranch: event.defaultBranch,
    issuer: jobIssuer(env),
  });
  return findReusable(registry, image, { key, trust, maxAgeMs: longestMs, now }, patience);
}
