import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { type Flavor, noFlavor } from '../metadata/Flavor.ts';
import type { GitEvent } from '../metadata/GitEvent.ts';
import type { TagRule } from '../metadata/TagRule.ts';
import { parseLines, parseList } from './parseList.ts';

/** What an image shall be called, and say of itself. */
export interface Naming {
  /** Names without tag; empty where `tags` are whole references. */
  readonly images: readonly Reference[];
  /** `undefined` for the default tags. */
  readonly rules: readonly TagRule[] | undefined;
  readonly flavor: Flavor;
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
}

/**
 * Reads `image` or `images`, `tags`, `flavor`, `labels` and `annotations`. GitHub gives a pull request from
 * a fork no variables (`vars.`) either: a name whose registry is one of them is none then.
 */
export async function readNaming(
  reader: InputReader,
  { restricted }: Pick<GitEvent, 'restricted'>,
): Promise<Naming> {
  const isNone = (name: string) => restricted !== undefined && name.startsWith('/');
  const named = (given: string) => parseLines(given).filter((line) => !isNone(line));
  const image = await reader.optional('image', (given) =>
    isNone(given.trim()) ? undefined : imageName(given),
  );
  const images = await reader.optional('images', async (given) => {
    const { readImages } = await import('../metadata/readImages.ts');
    return readImages(named(given));
  });
  if (image !== undefined && images !== undefined) {
    reader.conflict('Inputs image and images are both given.', 'Leave one of them out.');
  }
  return {
    images: image === undefined ? (images ?? []) : [image],
    rules: await reader.optional('tags', async (given) => {
      const { readTagRules } = await import('../metadata/readTagRules.ts');
      return readTagRules(named(given));
    }),
    flavor:
      (await reader.optional('flavor', async (given) => {
        const { readFlavor } = await import('../metadata/readFlavor.ts');
        return readFlavor(parseLines(given));
      })) ?? noFlavor,
    labels: (await reader.optional('labels', (given) => parseList(given, false))) ?? [],
    annotations: (await reader.optional('annotations', (given) => parseList(given, false))) ?? [],
  };
}

const imageName: Parse<Reference> = (given) => {
  const reference = readReference(given.trim());
  if (reference.tag === undefined && reference.digest === undefined) return reference;
  throw new InputProblem('has a tag or a digest', 'Write the name only, and the tags in `tags`.');
};

/** @throws {InputProblem} that says which part is wrong */
function readReference(given: string): Reference {
  try {
    return parseReference(given);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `is not an image's name: ${error.message}`,
      given.startsWith('/')
        ? 'The registry before `/` is empty: set the variable that it comes from, such as `vars.REGISTRY`.'
        : 'Write it as `registry/path`, such as `acme.azurecr.io/web`.',
    );
  }
}
