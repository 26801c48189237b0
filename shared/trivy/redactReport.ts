/** What stands where something was taken out. */
export const removed = '[removed]';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * Takes the text of files, and values of the environment, out of a report that leaves the step. Trivy
 * masks what it takes for a secret, but not what stands beside it: other lines of the same file, and
 * the image's own environment, which it quotes whole. What kind of thing was found, and where, stays.
 * It is changed in place: a report can have 100 MB.
 */
export function redactReport(document: unknown): void {
  const report = objectOf(document as Json) ?? {};
  for (const result of listOf(report.Results)) {
    for (const kind of ['Secrets', 'Misconfigurations', 'ExperimentalModifiedFindings']) {
      for (const found of listOf(result[kind])) stripText(found);
    }
  }
  const config = objectOf(objectOf(report.Metadata)?.ImageConfig);
  if (config === undefined) return;
  for (const part of [objectOf(config.config), objectOf(config.container_config)]) {
    if (Array.isArray(part?.Env)) part.Env = part.Env.map((entry) => withoutValue(String(entry)));
  }
  if (hasSecretInConfig(report)) {
    for (const entry of listOf(config.history)) entry.created_by = removed;
    for (const result of listOf(report.Results)) hideCreatedBy(result);
  }
}

function stripText(found: { [name: string]: Json }): void {
  if ('Match' in found) found.Match = removed;
  if ('Code' in found) found.Code = { Lines: null };
  for (const inside of [objectOf(found.CauseMetadata), objectOf(found.Finding)]) {
    if (inside === undefined) continue;
    stripText(inside);
    delete inside.RenderedCause;
  }
}

function withoutValue(entry: string): string {
  const name = entry.split('=', 1)[0];
  return `${name}=${removed}`;
}

/** The history is part of the image's configuration, and may hold the secret that was found there. */
function hasSecretInConfig(report: { [name: string]: Json }): boolean {
  return listOf(report.Results).some(
    ({ Target, Secrets }) => Target === report.ArtifactName && listOf(Secrets).length > 0,
  );
}

function hideCreatedBy(result: { [name: string]: Json }): void {
  for (const list of Object.values(result)) {
    for (const found of listOf(list)) {
      const layer = objectOf(found.Layer);
      if (layer !== undefined && 'CreatedBy' in layer) layer.CreatedBy = removed;
    }
  }
}

function listOf(value: Json | undefined): { [name: string]: Json }[] {
  return Array.isArray(value) ? value.map(objectOf).filter((item) => item !== undefined) : [];
}

function objectOf(value: Json | undefined): { [name: string]: Json } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
