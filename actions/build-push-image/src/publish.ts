import type { Runner } from '../../../shared/action/Runner.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { afterPush } from './afterPush.ts';
import { referenceOf } from './handOn.ts';
import type { Image } from './Image.ts';
import type { Inputs } from './inputs.ts';
import { refTag } from './metadata/defaultTags.ts';
import { outputNames } from './nameOutputs.ts';
import { asksOnly } from './options/asksOnly.ts';
import { baseFacts, baseWarnings } from './progress/baseFacts.ts';
import { baseImages } from './progress/baseImages.ts';
import { cacheHitRatio } from './progress/cacheHitRatio.ts';
import { ifKnown, patience } from './progress/ifKnown.ts';
import { type ImageFacts, imageFacts } from './progress/imageFacts.ts';
import { sizeOf } from './progress/sizeChange.ts';
import { sourceOf } from './progress/sourceOf.ts';
import { type BuildFacts, summarizeBuild } from './progress/summarizeBuild.ts';
import { metadataOfFound, revision } from './unchanged/metadataOfFound.ts';

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

/** Tells the rest of what is known: further outputs, the log's last line, and the summary. */
export async function publish(
  image: Image,
  before: BuildFacts['before'],
  inputs: Inputs,
  registry: RegistryClient,
  runner: Runner,
): Promise<void> {
  const { metadata, name, push } = inputs;
  if (asksOnly(inputs.build))
    return runner.log.info('The Dockerfile was asked; nothing was built.');
  const { digest } = image;
  const reference = referenceOf(inputs, digest);
  const output = (key: string, value: string | undefined) => {
    if (value !== undefined) runner.output(key, value);
  };
  output('imageid', image.imageId);
  output('metadata', image.metadata);
  output('built', String(image.built));
  output('cache-hit-ratio', image.progress && cacheHitRatio(image.progress.steps)?.toString());

  const [bases, facts, moved] = await Promise.all([
    baseFacts(image.progress === undefined ? [] : baseImages(image.progress.steps), registry),
    reference && ifKnown(imageFacts(reference, sourceOf(image.manifest, registry)), patience()),
    reference === undefined
      ? []
      : // What was found was tagged a moment ago; a build takes longer.
        afterPush(reference, image.built ? metadata.tags : [], registry, runner),
  ]);
  output('size', facts && String(sizeOf(facts)));
  if (!image.built && facts !== undefined) outputNames(metadataOfFound(metadata, facts), runner);
  const reason = whyFound(image, inputs, facts);
  runner.log.info(outcome({ ...image, reason }, reference && formatReference(reference)));
  if (name === undefined || digest === undefined) return;
  const summary = summarizeBuild({
    ...image,
    image: name,
    digest,
    reason,
    reference: reference && formatReference(reference),
    tags: push ? metadata.tags.map(formatReference) : [],
    facts,
    before,
    bases,
    warnings: [...baseWarnings(bases), ...moved],
  });
  await runner.summary(summary.text);
}

/** With the commit that it was built from, where that is another one: by its label, which anybody may write. */
function whyFound(
  { built, reason }: Image,
  { metadata, event }: Inputs,
  facts: ImageFacts | undefined,
): string {
  const commit = metadata.labels[revision] && facts?.platforms[0]?.labels[revision];
  if (built || !commit || commit === event.sha || !/^[0-9a-f]{40,64}$/.test(commit)) return reason;
  return reason.replace(/\.$/, `, of commit ${commit.slice(0, 8)}.`);
}

function outcome({ built, digest, reason }: Image, reference: string | undefined): string {
  const what = reference ?? digest ?? 'the outputs';
  return `${built ? (reference === undefined ? 'Built' : 'Pushed') : 'Found'} ${what}. ${reason}`;
}
