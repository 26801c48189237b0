import { setTimeout as wait } from 'node:timers/promises';
import { attachByTag } from '../oci/attachByTag.ts';
import type { Patience } from '../oci/patiently.ts';
import type { PinnedReference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import type { Descriptor } from '../oci/readManifest.ts';

const rounds = 3;

/**
 * Adds to the list that clients keep of what is attached, and looks again whether it is on it: jobs that
 * attach at the same time overwrite each other's list, since registries know no condition for a push. The
 * pauses differ, so that they do not do so again.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function listByTag(
  client: RegistryClient,
  subject: PinnedReference,
  attached: Descriptor,
  patience: Patience,
): Promise<void> {
  const {
    signal,
    random = Math.random,
    sleep = (ms) => wait(ms, undefined, { ...(signal && { signal }) }),
  } = patience;
  for (let round = 1; round <= rounds; round++) {
    if (round > 1) await sleep(50 + 200 * random(), signal);
    await attachByTag(client, subject, [attached], patience);
  }
}
