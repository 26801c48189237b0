import type { Runner } from '../../../../shared/action/Runner.ts';
import { attestArguments } from '../options/attestations.ts';
import type { BakeInputs } from '../options/readBake.ts';
import { builderId } from '../planBuild.ts';
import type { BakeTarget } from './readTargets.ts';

/**
 * What bake attests of all targets, as a build does it by default; a file that says it for its targets
 * itself is not overruled.
 */
export function bakeProvenance(
  { provenance, event }: Pick<BakeInputs, 'provenance' | 'event'>,
  targets: readonly BakeTarget[],
  canAttest: boolean,
  { env }: Pick<Runner, 'env'>,
): string | undefined {
  if (provenance === 'true' || provenance === 'false') return provenance;
  if (provenance === undefined && targets.some(({ attests }) => attests)) return undefined;
  const [, value] = attestArguments(
    { provenance, sbom: undefined, attests: [] },
    {
      builderId: builderId(env),
      visibility: event.repository.visibility === 'public' ? 'public' : 'private',
      plainImage: !canAttest,
    },
  );
  return value?.replace(/^type=provenance,/, '');
}
