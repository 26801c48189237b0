import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { ManifestObject } from '../../../../shared/helm/manifests/ManifestObject.ts';
import {
  type ManifestFile,
  readManifests,
} from '../../../../shared/helm/manifests/readManifests.ts';
import { substituteVariables } from '../../../../shared/helm/manifests/substituteVariables.ts';
import type { Inputs } from '../inputs.ts';
import { runKustomize } from './runKustomize.ts';
import type { Source } from './Source.ts';

/**
 * The objects of a source that is no chart, with variables put in.
 *
 * @throws {Failure} or an {@link AggregateError} of failures when it cannot be rendered or is wrong
 */
export async function readObjects(
  source: Source & { readonly kind: 'manifests' | 'kustomization' },
  { variables, namespace }: Pick<Inputs, 'variables' | 'namespace'>,
  runner: Runner,
): Promise<readonly ManifestObject[]> {
  const workspace = runner.env.GITHUB_WORKSPACE ?? '.';
  const files =
    source.kind === 'kustomization'
      ? [await runKustomize(source.path, workspace, runner)]
      : await readFiles(source.path, workspace);
  const rendered = variables === undefined ? files : substituteAll(files, variables);
  return readManifests(rendered, namespace);
}

function substituteAll(files: readonly ManifestFile[], variables: ReadonlyMap<string, string>) {
  const problems: unknown[] = [];
  const replaced = files.flatMap((file) => {
    try {
      return [substituteVariables(file, variables)];
    } catch (error) {
      if (!(error instanceof AggregateError)) throw error;
      problems.push(...error.errors);
      return [];
    }
  });
  if (problems.length > 0) throw new AggregateError(problems, 'Variables have no value.');
  return replaced;
}

async function readFiles(path: string, workspace: string): Promise<ManifestFile[]> {
  const isFile = (await stat(path)).isFile();
  const paths = isFile
    ? [path]
    : (await readdir(path, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter(
          (file) =>
            !relative(path, file)
              .split('/')
              .some((part) => part.startsWith('.')),
        )
        .sort();
  return Promise.all(
    paths.map(async (file) => ({
      file: relative(workspace, file),
      text: await readFile(file, 'utf8'),
    })),
  );
}
