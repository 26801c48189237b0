import { silent } from '../log/Log.ts';
import { attachByTag } from './attachByTag.ts';
import { explainDenial } from './explainDenial.ts';
import type { Digest, PinnedReference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

export interface ReferrerDescriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const deadlineMs = 60_000;

/**
 * Makes a referrer that was pushed be found, where the registry did not say that it lists it: such
 * a registry has no referrers API, and everybody looks at the tag `sha256-<hex>` of the subject
 * (distribution specification 1.1, "Unavailable Referrers API"). Two writers at the same time can
 * lose one entry; the specification knows no way round that.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function listReferrer(
  registry: RegistryClient,
  subject: PinnedReference,
  referrer: ReferrerDescriptor,
): Promise<void> {
  const asked = await registry.send(subject, {
    path: `referrers/${subject.digest}`,
    access: 'pull,push',
  });
  if (asked.status === 200) return;
  if (asked.status !== 404) throw explainDenial(subject, asked, true);
  const patience = { until: Date.now() + deadlineMs, log: silent };
  await attachByTag(registry, subject, [{ ...referrer }], patience);
}
