import { canonicalDigest } from '../../../../shared/evidence/canonicalJson.ts';
import type { Digest } from '../../../../shared/oci/Reference.ts';
import { defaultScanners } from '../../../../shared/trivy/Target.ts';
import type { Inputs } from '../inputs.ts';

/**
 * The digest of what a verdict was measured by: of the policy alone where the whole image was looked at.
 * Where somebody had less of it looked at, or only the new count, it is another one, so that who trusts the
 * policy's digest is not shown a pass that was easier to have.
 */
export function measureOf({
  decide: { policy },
  scan: { scanners, options },
  target,
  baseline,
}: Pick<Inputs, 'decide' | 'scan' | 'target' | 'baseline'>): Digest {
  const missing = defaultScanners({ kind: 'image' }).filter(
    (each) => scanners !== undefined && !scanners.includes(each),
  );
  const { skipDirs = [], skipFiles = [], packageTypes = [] } = options;
  const platform = 'platform' in target ? target.platform : undefined;
  const narrowed = {
    ...(missing.length > 0 && { notLookedFor: missing }),
    ...(skipDirs.length > 0 && { skipDirs }),
    ...(skipFiles.length > 0 && { skipFiles }),
    ...(packageTypes.length === 1 && { packageTypes }),
    ...(platform !== undefined && { platform }),
    ...(baseline !== undefined && { baseline }),
  };
  return canonicalDigest(Object.keys(narrowed).length === 0 ? policy : { policy, narrowed });
}
