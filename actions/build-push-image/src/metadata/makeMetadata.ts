import { formatReference, type Reference } from '../../../../shared/oci/Reference.ts';
import type { Surroundings } from './applyRule.ts';
import { type Expand, hasExpressions } from './Expand.ts';
import type { Flavor } from './Flavor.ts';
import type { GitEvent } from './GitEvent.ts';
import { globalValues } from './globalValues.ts';
import { type AnnotationLevel, makeAnnotations } from './makeAnnotations.ts';
import { makeDefaultTags } from './makeDefaultTags.ts';
import { eventLabels, type Labels, overrideLabels } from './makeLabels.ts';
import { makeTags } from './makeTags.ts';
import type { TagRule } from './TagRule.ts';

export interface MetadataRequest {
  /** Names without tag. */
  readonly images: readonly Reference[];
  /** `undefined` for the default tags. */
  readonly rules: readonly TagRule[] | undefined;
  readonly flavor: Flavor;
  /** `key=value` each; they override what the event says. */
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly event: GitEvent;
  readonly now: Date;
  readonly shortShaLength: number;
  readonly annotationLevels: readonly AnnotationLevel[];
}

/** What an image is called, and what it says of itself. */
export interface Metadata {
  readonly version: string | undefined;
  readonly images: readonly Reference[];
  /** Each with its tag; the images in their order, then what was given whole. */
  readonly tags: readonly Reference[];
  /** The tags that every image gets. */
  readonly tagNames: readonly string[];
  readonly labels: Labels;
  /** As buildx takes them: `manifest:key=value`. */
  readonly annotations: readonly string[];
  /** All of it in the shape of docker/metadata-action's output. */
  readonly json: string;
  /** Rules that were for this event and made nothing. They quote names, made one line each. */
  readonly warnings: readonly string[];
}

/** @throws {Failure} that names the line whose expressions are wrong */
export async function makeMetadata(request: MetadataRequest): Promise<Metadata> {
  const { images, rules, flavor, event, now, shortShaLength } = request;
  const warnings: string[] = [];
  const expand = await loadExpand(request);
  const around: Surroundings = {
    event,
    expand,
    schemes: await loadSchemes(rules ?? []),
    shortShaLength,
    warn: (text) => void warnings.push(text),
  };
  const { version, names, references } =
    rules === undefined ? makeDefaultTags(flavor, around) : makeTags(rules, flavor, around);
  if (names.length + references.length === 0) {
    warnings.push('No line of `tags` makes a tag for this event.');
  }
  const ofEvent = eventLabels(event, version, now);
  const tags = unique([
    ...images.flatMap((image) => names.map((tag) => ({ ...image, tag }))),
    ...references,
  ]);
  const labels = overrideLabels(ofEvent, request.labels, 'labels', expand);
  const annotations = makeAnnotations(
    ofEvent,
    request.annotations,
    request.annotationLevels,
    expand,
  );
  const known = { version, images, tags, tagNames: names, labels, annotations, warnings };
  return Object.freeze({ ...known, json: metadataJson(known) });
}

/** All of it in the shape of docker/metadata-action's output. */
export function metadataJson({
  tags,
  tagNames,
  labels,
  annotations,
}: Pick<Metadata, 'tags' | 'tagNames' | 'labels' | 'annotations'>): string {
  const names = tags.map(formatReference);
  return JSON.stringify({ tags: names, 'tag-names': tagNames, labels, annotations });
}

function unique(references: readonly Reference[]): readonly Reference[] {
  return [...new Map(references.map((one) => [formatReference(one), one])).values()];
}

/** Handlebars is only loaded for those who write expressions. */
async function loadExpand(request: MetadataRequest): Promise<Expand> {
  const { rules = [], flavor, labels, annotations, event, now, shortShaLength } = request;
  const texts = [
    ...rules.map(({ line }) => line),
    ...[flavor.prefix.text, flavor.suffix.text],
    ...[...labels, ...annotations],
  ];
  if (!texts.some(hasExpressions)) return (text) => text;
  const { makeExpand } = await import('./makeExpand.ts');
  return makeExpand(globalValues(event, shortShaLength), now, event.commitDate ?? now);
}

async function loadSchemes(rules: readonly TagRule[]): Promise<Surroundings['schemes']> {
  const types = new Set(rules.map(({ type }) => type));
  return {
    ...(types.has('semver') && { semver: (await import('./readSemver.ts')).readSemver }),
    ...(types.has('pep440') && { pep440: (await import('./readPep440.ts')).readPep440 }),
  };
}
