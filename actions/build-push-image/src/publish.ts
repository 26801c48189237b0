import { appendFile } from 'node:fs/promises';
import type { Runner } from '../../../shared/action/Runner.ts';
import { findMovedTags } from '../../../shared/oci/findMovedTags.ts';
import {
  type Digest,
  formatReference,
  pin,
  type Reference,
} from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import type { Image } from './Image.ts';
import type { Inputs } from './inputs.ts';
import { refTag } from './metadata/defaultTags.ts';
import { baseWarnings } from './progress/baseFacts.ts';
import { cacheHitRatio } from './progress/cacheHitRatio.ts';
import { ifKnown, patience } from './progress/ifKnown.ts';
import { type ImageFacts, imageFacts } from './progress/imageFacts.ts';
import { sizeOf } from './progress/sizeChange.ts';
import { type BuildFacts, summarizeBuild } from './progress/summarizeBuild.ts';

/** The last image of the branch, as it was before this build. */
export async function factsBefore(
  { push, metadata, event, name }: Inputs,
  registry: RegistryClient,
): Promise<BuildFacts['before']> {
  const branch = refTag(event.ref);
  const tag = metadata.tags.find((one) => one.tag === branch) ?? metadata.tags[0];
  if (!push || name === undefined || tag?.tag === undefined) return undefined;
  const facts = await ifKnown(imageFacts(tag, registry), patience());
  return facts && { name: tag.tag, facts };
}

/** Writes the outputs, each as soon as it is known, and the summary. */
export async function publish(
  image: Image,
  before: BuildFacts['before'],
  inputs: Inputs,
  registry: RegistryClient,
  runner: Runner,
): Promise<void> {
  const { metadata, name, push } = inputs;
  const { digest } = image;
  const reference =
    name !== undefined && digest !== undefined && push ? pin(name, digest) : undefined;
  const output = (key: string, value: string | undefined) => {
    if (value !== undefined) runner.output(key, value);
  };
  output('digest', digest);
  output('reference', reference && formatReference(reference));
  output('reference-without-host', reference && `${reference.repository}@${reference.digest}`);
  output('imageid', image.imageId);
  output('tags', metadata.tags.map(formatReference).join('\n'));
  output('version', metadata.version);
  output('labels', lines(metadata.labels));
  output('json', metadata.json);
  output('metadata', image.metadata);
  output('built', String(image.built));
  output('cache-hit-ratio', image.progress && cacheHitRatio(image.progress.steps)?.toString());

  let facts: ImageFacts | undefined;
  const warnings: string[] = [...baseWarnings(image.bases)];
  if (reference !== undefined) {
    await announce(formatReference(reference), runner.env);
    facts = await ifKnown(imageFacts(reference, registry), patience());
    output('size', facts && String(sizeOf(facts)));
    warnings.push(...(await movedTags(metadata.tags, reference.digest, registry, runner)));
    warnMasked(reference.registry, runner);
  }
  runner.log.info(outcome(image, reference && formatReference(reference)));
  if (name === undefined || digest === undefined) return;
  const summary = summarizeBuild({
    ...image,
    image: name,
    digest,
    reference: reference && formatReference(reference),
    tags: push ? metadata.tags.map(formatReference) : [],
    facts,
    before,
    warnings,
  });
  await runner.summary(summary.text);
}

function outcome({ built, digest, reason }: Image, reference: string | undefined): string {
  const what = reference ?? digest ?? 'the outputs';
  return `${built ? (reference === undefined ? 'Built' : 'Pushed') : 'Found'} ${what}. ${reason}`;
}

function lines(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

/** Where later steps of the job find what was made, such as an attestation of it. */
async function announce(reference: string, { GITHUB_ARTIFACTS: file }: Runner['env']) {
  if (file) await appendFile(file, `oci://${reference}\n`);
}

/** Another job may have pushed under the same tag since. */
async function movedTags(
  tags: readonly Reference[],
  digest: Digest,
  registry: RegistryClient,
  { log }: Runner,
): Promise<string[]> {
  const moved = (await ifKnown(findMovedTags(registry, tags, digest), patience())) ?? [];
  return moved.map(({ reference, digest: now }) => {
    const text = `${formatReference(reference)} was moved by another job and names ${now ?? 'nothing'} now; what was made here is ${digest}.`;
    log.warning(text);
    return text;
  });
}

/** The runner drops an output that holds a masked value, and says so only in its own log. */
function warnMasked(registry: string, { secrets, log }: Runner): void {
  const masked = [...secrets].some((secret) => registry.includes(secret));
  if (!masked) return;
  log.warning(
    'The registry is a secret here, so that the runner keeps `reference` from other jobs. Keep its name as a variable (`vars.`), or hand on `reference-without-host`.',
  );
}
