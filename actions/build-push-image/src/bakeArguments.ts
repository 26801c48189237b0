import type { Arguments } from './buildArguments.ts';
import type { Buildx } from './builders/Builder.ts';
import { type Secret, secretArguments } from './options/readSecrets.ts';

/** Which targets, and what of them is not as their files say. */
export interface BakeDefinition {
  /** Files that define targets, in the order in which they are merged. */
  readonly files: readonly string[];
  /** None for the group `default`. */
  readonly targets: readonly string[];
  /** `target.key=value`, each. */
  readonly set: readonly string[];
  /** Of every target, besides its own. */
  readonly secrets: readonly Secret[];
}

/** What `buildx bake` is told. */
export interface BakePlan extends BakeDefinition {
  readonly allow: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly output: 'push' | 'load' | 'none';
  readonly provenance: string | undefined;
  readonly sbom: string | undefined;
}

/** The command line of `buildx bake`, without the program. */
export function bakeArguments(
  plan: BakePlan,
  { prefix, name }: Pick<Buildx, 'prefix'> & { readonly name: string | undefined },
  metadataFile: string,
): Arguments {
  const { args, env } = defining(plan);
  return {
    env,
    args: [
      ...prefix,
      'bake',
      ...(name === undefined ? [] : ['--builder', name]),
      ...args,
      ...plan.allow.flatMap((value) => ['--allow', value]),
      ...(plan.noCache ? ['--no-cache'] : []),
      ...(plan.pull ? ['--pull'] : []),
      ...(plan.output === 'none' ? [] : [`--${plan.output}`]),
      ...(plan.provenance === undefined ? [] : ['--provenance', plan.provenance]),
      ...(plan.sbom === undefined ? [] : ['--sbom', plan.sbom]),
      '--progress',
      'rawjson',
      '--metadata-file',
      metadataFile,
      ...plan.targets,
    ],
  };
}

/** The command line that only says what would be built. */
export function printArguments(
  definition: BakeDefinition,
  { prefix }: Pick<Buildx, 'prefix'>,
): Arguments {
  const { args, env } = defining(definition);
  return { env, args: [...prefix, 'bake', '--print', ...args, ...definition.targets] };
}

/** The same for both, so that what is told is what is built. */
function defining({ files, set, secrets }: BakeDefinition): Arguments {
  const { args, env } = secretArguments(secrets);
  const values = args.filter((argument) => argument !== '--secret');
  return {
    env,
    args: [
      ...files.flatMap((file) => ['--file', file]),
      ...set.flatMap((value) => ['--set', value]),
      ...values.flatMap((value) => ['--set', `*.secrets+=${value}`]),
    ],
  };
}
