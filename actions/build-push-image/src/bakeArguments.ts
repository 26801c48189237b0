import type { Builder } from './findBuilder.ts';

/** What `buildx bake` is told. */
export interface BakePlan {
  /** Files that define targets, in the order in which they are merged; none for buildx's own search. */
  readonly files: readonly string[];
  /** None for the group `default`. */
  readonly targets: readonly string[];
  /** `target.key=value`, each. */
  readonly set: readonly string[];
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
  { prefix, name }: Pick<Builder, 'prefix' | 'name'>,
  metadataFile: string,
): string[] {
  return [
    ...prefix,
    'bake',
    ...(name === undefined ? [] : ['--builder', name]),
    ...plan.files.flatMap((file) => ['--file', file]),
    ...plan.set.flatMap((value) => ['--set', value]),
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
  ];
}
