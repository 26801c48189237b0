import type { Layer } from '../verdict/Finding.ts';
import type { TrivyImageConfig, TrivyReport } from './TrivyReport.ts';

/** Tells of a layer, as Trivy names it, what the image's history says. */
export type LayerOf = (
  layer: { readonly Digest?: string | undefined; readonly DiffID?: string | undefined } | undefined,
) => Layer | undefined;

/**
 * Finds what made each layer. The history has an entry for each instruction, also for those that
 * made no layer; the others are in the order of the layers.
 */
export function layerHistory({ ArtifactName, Metadata, Results }: TrivyReport): LayerOf {
  // A secret in the configuration can be part of the history itself (`ARG`, `ENV`): none of it is told.
  const secretInside = (Results ?? []).some(
    ({ Target, Secrets }) => Target === ArtifactName && (Secrets ?? []).length > 0,
  );
  const createdBy = secretInside ? new Map<string, string>() : pair(Metadata.ImageConfig);
  return (layer) =>
    layer?.DiffID
      ? { diffId: layer.DiffID, digest: layer.Digest, createdBy: createdBy.get(layer.DiffID) }
      : undefined;
}

function pair(config: TrivyImageConfig | undefined): ReadonlyMap<string, string> {
  const layers = config?.rootfs.diff_ids ?? [];
  const made = (config?.history ?? []).filter(({ empty_layer: empty }) => empty !== true);
  // Tools that squash or rebase leave a history that fits no layer: better none than a wrong one.
  if (made.length !== layers.length) return new Map();
  return new Map(layers.map((diffId, at) => [diffId, made[at]?.created_by ?? '']));
}
