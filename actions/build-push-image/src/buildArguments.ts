import { formatReference } from '../../../shared/oci/Reference.ts';
import type { Builder } from './findBuilder.ts';
import type { Inputs } from './inputs.ts';
import { asksOnly } from './options/asksOnly.ts';
import { attestArguments, type Surroundings } from './options/attestations.ts';
import { passedOnArguments } from './options/readPassedOn.ts';
import { secretArguments } from './options/readSecrets.ts';

/** What is built, and where it goes. */
export interface BuildPlan extends Pick<Inputs, 'build' | 'metadata' | 'push' | 'pushTimeoutMs'> {
  readonly builderId: Surroundings['builderId'];
  readonly visibility: Surroundings['visibility'];
}

export interface Arguments {
  readonly args: readonly string[];
  /** Variables that the arguments name: the values of secrets. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command line of `buildx build`, without the program.
 *
 * @param more `extra`: further arguments, of a build only. `exportTo`: a folder for the image as an OCI
 *   layout, in place of where it would go
 */
export function buildArguments(
  { build, metadata, push, builderId, visibility }: BuildPlan,
  builder: Pick<Builder, 'prefix' | 'name' | 'canAttest'>,
  metadataFile: string,
  { extra = [], exportTo }: { extra?: readonly string[]; exportTo?: string } = {},
): Arguments {
  const { buildArgs, platforms, attestations, file, context, passedOn } = build;
  const secrets = secretArguments(build.secrets);
  // A second run takes its steps from the first one's cache, whatever was asked for.
  const { 'no-cache': _, 'no-cache-filters': __, pull: ___, 'cache-to': ____, ...again } = passedOn;
  const plainImage = !builder.canAttest || build.load;
  return {
    env: secrets.env,
    args: [
      ...builder.prefix,
      'build',
      ...flags('--builder', builder.name === undefined ? [] : [builder.name]),
      ...passedOnArguments(exportTo === undefined ? passedOn : again),
      ...(exportTo === undefined ? extra : []),
      ...attestArguments(attestations, { builderId, visibility, plainImage }),
      ...flags('--annotation', plainImage ? [] : metadata.annotations),
      ...flags('--build-arg', buildArgs),
      ...flags('--file', file === undefined ? [] : [file]),
      ...flags(
        '--label',
        Object.entries(metadata.labels).map(([key, value]) => `${key}=${value}`),
      ),
      ...flags('--platform', platforms.length === 0 ? [] : [platforms.join(',')]),
      ...secrets.args,
      ...flags('--tag', metadata.tags.map(formatReference)),
      '--progress',
      'rawjson',
      '--metadata-file',
      metadataFile,
      ...(exportTo === undefined
        ? outputArguments(build, push)
        : ['--output', `type=oci,tar=false,dest=${exportTo}`]),
      context,
    ],
  };
}

function outputArguments(build: BuildPlan['build'], push: boolean): string[] {
  const { load, outputs } = build;
  const said = [
    ...flags('--output', outputs),
    ...(load ? ['--load'] : []),
    ...(push ? ['--push'] : []),
  ];
  if (asksOnly(build)) return said;
  // Without any of them the image is still made (not only its cache), so that there is a digest.
  return said.length > 0 ? said : ['--output', 'type=image,push=false'];
}

function flags(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}
