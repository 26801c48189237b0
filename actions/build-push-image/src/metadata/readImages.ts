import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { eachLine } from './eachLine.ts';
import { oneWordOf } from './oneWordOf.ts';
import { type Attribute, readAttributes } from './readAttributes.ts';
import { unknownAttribute } from './unknownAttribute.ts';

/**
 * Reads the lines of `images`: names without tag, one a line or separated by commas, or
 * `name=…,enable=…`. Names become lower case; what is not enabled is left out.
 *
 * @throws {InputProblem} that names each wrong line
 */
export function readImages(lines: readonly string[]): readonly Reference[] {
  const images = eachLine(lines, (line) => {
    const attributes = readAttributes(line);
    return attributes.every(({ key }) => key === undefined)
      ? attributes.filter(({ value }) => value !== '').map(({ value }) => imageName(value))
      : readEntry(attributes);
  });
  return Object.freeze(images);
}

function readEntry(attributes: readonly Attribute[]): Reference[] {
  let name = '';
  let enabled = true;
  for (const { key = 'name', value } of attributes) {
    if (key === 'name') name = value;
    else if (key === 'enable') {
      enabled = oneWordOf(['true', 'false'], value.toLowerCase(), 'enable') === 'true';
    } else unknownAttribute(key, ['name', 'enable'], 'an image');
  }
  // A name may be empty where it is not wanted: `name=${{ vars.MIRROR }},enable=false`.
  return enabled ? [imageName(name)] : [];
}

function imageName(given: string): Reference {
  const remedy = 'Write it as `registry/path`, such as `acme.azurecr.io/web`.';
  if (given === '') throw new InputProblem('the name is empty', remedy);
  try {
    const reference = parseReference(given.toLowerCase());
    if (reference.tag === undefined && reference.digest === undefined) return reference;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `${JSON.stringify(given)} is not an image's name: ${error.message}`,
      remedy,
    );
  }
  throw new InputProblem(
    `${JSON.stringify(given)} has a tag or a digest`,
    'Write the name only, and the tags in `tags`.',
  );
}
