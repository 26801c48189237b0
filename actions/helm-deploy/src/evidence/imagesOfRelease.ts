import { Buffer } from 'node:buffer';
import type { UsedImage } from '../../../../shared/evidence/UsedImage.ts';
import type { ReleaseRecord } from '../../../../shared/helm/readRelease.ts';
import { imagesOf } from '../../../../shared/kube/imagesOf.ts';
import { parseManifest } from '../../../../shared/kube/preflight/parseManifest.ts';

/**
 * All images that a release brings: of its objects, of its hooks and tests, and of the chart's `crds`
 * folder, from which Helm creates whatever lies there.
 *
 * @throws {Error} when part of it is not YAML
 */
export function imagesOfRelease({
  manifest,
  hooks,
  files,
}: Pick<ReleaseRecord, 'manifest' | 'hooks' | 'files'>): readonly UsedImage[] {
  const definitions = files
    .filter(({ name }) => /^(?:charts\/[^/]+\/)*crds\//.test(name))
    .map(({ data }) => Buffer.from(data, 'base64').toString());
  const texts = [manifest, ...hooks.map((hook) => hook.manifest), ...definitions];
  return imagesOf(texts.flatMap(parseManifest));
}
