import { parseAllDocuments } from 'yaml';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { type KubeApi, KubeProblem } from './KubeApi.ts';

interface Definition {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly versions?: readonly { readonly name?: string }[] };
  readonly status?: { readonly storedVersions?: readonly string[] };
}

const root = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/**
 * Applies definitions of kinds, so that they become those of the files. All are looked at before the
 * first is written.
 *
 * @returns their names
 * @throws {AggregateError} of a {@link Failure} for each that lacks a version in which the cluster
 * keeps objects: they could not be read any more
 */
export async function upgradeDefinitions(
  api: Pick<KubeApi, 'get' | 'apply'>,
  files: readonly { readonly file: string; readonly text: string }[],
): Promise<readonly string[]> {
  const definitions = files.flatMap(({ file, text }) =>
    [...parseAllDocuments(text, { version: '1.1', logLevel: 'error' })].flatMap((document) => {
      const definition = document.toJS({ maxAliasCount: 100 }) as Definition | null;
      const name = definition?.metadata?.name;
      if (definition?.kind !== 'CustomResourceDefinition' || name === undefined) return [];
      return [{ file, name, definition }];
    }),
  );
  const problems = await Promise.all(
    definitions.map(async ({ file, name, definition }) => {
      const present = await find(api, name);
      const versions = new Set((definition.spec?.versions ?? []).map((version) => version.name));
      const lost = (present?.status?.storedVersions ?? []).filter((one) => !versions.has(one));
      return lost.length === 0 ? [] : [vanishes(file, name, lost)];
    }),
  );
  if (problems.flat().length > 0) {
    throw new AggregateError(problems.flat(), 'Definitions cannot be upgraded.');
  }
  for (const { name, definition } of definitions) {
    await api.apply(`${root}/${encodeURIComponent(name)}`, definition);
  }
  return definitions.map(({ name }) => name);
}

async function find(api: Pick<KubeApi, 'get'>, name: string): Promise<Definition | undefined> {
  try {
    return await api.get<Definition>(`${root}/${encodeURIComponent(name)}`);
  } catch (error) {
    if (error instanceof KubeProblem && error.code === 404) return undefined;
    throw error;
  }
}

function vanishes(file: string, name: string, lost: readonly string[]): Failure {
  const versions = lost.map((version) => oneLine(version)).join(', ');
  return new Failure({
    what: `${oneLine(file)}: the definition ${oneLine(name)} has no version ${versions} any more, in which the cluster keeps objects; nothing was changed.`,
    remedy: `Write the objects anew in another version, take ${versions} out of its status.storedVersions, then upgrade; or keep the version with \`served: false\`.`,
  });
}
