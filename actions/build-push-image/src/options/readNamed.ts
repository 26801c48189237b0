import type { InputReader } from '../../../../shared/action/InputReader.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Reference } from '../../../../shared/oci/Reference.ts';
import type { GitEvent } from '../metadata/GitEvent.ts';
import { type Metadata, makeMetadata } from '../metadata/makeMetadata.ts';
import { readEvent } from '../metadata/readEvent.ts';
import { readOptions } from '../metadata/readOptions.ts';
import { type Naming, readNaming } from './readNaming.ts';

/** What this run is about, and what images are called in it. */
export interface Named {
  readonly event: GitEvent;
  /** `image` or `images`. */
  readonly images: readonly Reference[];
  /** Names, tags, labels and annotations, all rules applied. */
  readonly metadata: Metadata;
  /** Where the image is first of all; `undefined` when it has no name. */
  readonly name: Reference | undefined;
  /** Of lines of `tags` that were given and made nothing. */
  readonly warnings: readonly string[];
}

/** @throws {Failure} that names the line whose expressions are wrong */
export async function readNamed(reader: InputReader, runner: Runner): Promise<Named> {
  const event = await readEvent(runner.env);
  const naming = await readNaming(reader, event);
  const metadata = await nameImage(naming, event, runner);
  const { images, rules } = naming;
  const warnings = rules === undefined ? [] : metadata.warnings;
  return { event, images, metadata, name: nameOf(images, metadata), warnings };
}

/** The first that it gets in a registry: `tags` may name other repositories, and only those. */
function nameOf(images: readonly Reference[], { tags }: Metadata): Reference | undefined {
  const isTagged = ({ registry, repository }: Reference) =>
    tags.some((tag) => tag.registry === registry && tag.repository === repository);
  return tags.length === 0 ? images[0] : (images.find(isTagged) ?? tags[0]);
}

function nameImage(naming: Naming, event: GitEvent, { env }: Runner): Promise<Metadata> {
  const wholeOnly = naming.images.length === 0 && naming.rules === undefined;
  return makeMetadata({
    ...naming,
    ...readOptions(env),
    // Without a name there is nothing that default tags could be tags of.
    ...(wholeOnly && { rules: [] }),
    event,
    now: new Date(),
  });
}

/** Where they are, each host once. */
export function hostsOf(references: readonly Reference[]): readonly string[] {
  return [...new Set(references.map(({ registry }) => registry))];
}

/** For what goes to a registry in any case. */
export function requireTags(reader: InputReader, { metadata, images }: Named): void {
  if (metadata.tags.length > 0) return;
  if (['image', 'images', 'tags'].every((name) => !reader.has(name))) {
    reader.conflict(
      'Input image is required and was not given.',
      'Add `image:` under `with:`, or whole references under `tags:`.',
    );
  } else if (images.length > 0) {
    reader.conflict(
      'Input tags: no line of it makes a tag for this event.',
      'Add a line that does, such as `type=sha`.',
    );
  }
}
