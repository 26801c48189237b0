import type { Runner } from '../../../../shared/action/Runner.ts';
import { sentence } from '../../../../shared/failure/sentence.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { BuildKey } from './buildKey.ts';
import { recordBuilt } from './recordBuilt.ts';

/** Records what was built, so that it is found again; where that cannot be, it is said. */
export async function recordImage(
  image: PinnedReference,
  build: BuildKey,
  metadata: string,
  registry: RegistryClient,
  { env, log }: Pick<Runner, 'env' | 'log'>,
): Promise<void> {
  const version = env.GITHUB_ACTION_REF || 'unreleased';
  const recorded = await recordBuilt({ registry, image, build, metadata, version });
  if (!recorded.recorded) {
    log.info(sentence(`It will not be found again, because ${recorded.because}`));
  }
}
