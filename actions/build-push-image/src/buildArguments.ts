import { formatReference } from '../../../shared/oci/Reference.ts';
import type { Builder } from './findBuilder.ts';
import type { Inputs } from './inputs.ts';

/** The command line of `buildx build`, without the program. */
export function buildArguments(
  inputs: Inputs,
  builder: Pick<Builder, 'prefix' | 'name'>,
  metadataFile: string,
): string[] {
  return [
    ...builder.prefix,
    'build',
    ...(builder.name === undefined ? [] : ['--builder', builder.name]),
    ...(inputs.file === undefined ? [] : ['--file', inputs.file]),
    ...inputs.tags.flatMap((tag) => ['--tag', formatReference(tag)]),
    ...inputs.buildArgs.flatMap((argument) => ['--build-arg', argument]),
    '--progress',
    'plain',
    '--metadata-file',
    metadataFile,
    // Without a push the image is still made (not only its cache), so that there is a digest.
    '--output',
    inputs.push ? 'type=registry' : 'type=image,push=false',
    inputs.context,
  ];
}
