import { parseAllDocuments } from 'yaml';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { type KubeApi, KubeProblem } from './KubeApi.ts';
import { awaitServed } from './servedKinds.ts';

interface Definition {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly group?: string;
    readonly names?: { readonly kind?: string };
    readonly versions?: readonly { readonly name?: string; readonly served?: boolean }[];
  };
  readonly status?: { readonly storedVersions?: readonly string[] };
}

/** The server needs a second for it. */
const servedWithinMs = 30_000;

const root = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/**
 * Applies definitions of kinds, so that they become those of the files, and waits until they are
 * served. All are looked at before the first is written. They belong to no release: with a definition
 * all objects of its kind would go.
 *
 * @param only `missing` leaves those that are there as they are
 * @returns the names of those that were applied
 * @throws {AggregateError} of a {@link Failure} for each that lacks a version in which the cluster
 * keeps objects: they could not be read any more
 */
export async function upgradeDefinitions(
  api: Pick<KubeApi, 'get' | 'apply'>,
  files: readonly { readonly file: string; readonly text: string }[],
  { only, signal }: { readonly only: 'missing' | 'all'; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const definitions = files.flatMap(({ file, text }) =>
    [...parseAllDocuments(text, { version: '1.1', logLevel: 'error' })].flatMap((document) => {
      const definition = document.toJS({ maxAliasCount: 100 }) as Definition | null;
      const name = definition?.metadata?.name;
      if (definition?.kind !== 'CustomResourceDefinition' || name === undefined) return [];
      return [{ file, name, definition }];
    }),
  );
  const found = await Promise.all(definitions.map(({ name }) => find(api, name)));
  const wanted = definitions.filter((_, index) => only === 'all' || found[index] === undefined);
  const problems = (only === 'all' ? definitions : []).map(({ file, name, definition }, index) => {
    const present = found[index];
    const versions = new Set((definition.spec?.versions ?? []).map((version) => version.name));
    const lost = (present?.status?.storedVersions ?? []).filter((one) => !versions.has(one));
    return lost.length === 0 ? [] : [vanishes(file, name, lost)];
  });
  if (problems.flat().length > 0) {
    throw new AggregateError(problems.flat(), 'Definitions cannot be upgraded.');
  }
  for (const { name, definition } of wanted) {
    await api.apply(`${root}/${encodeURIComponent(name)}`, definition);
  }
  const kinds = wanted.flatMap(({ definition }) => servedBy(definition));
  const missing = await awaitServed(api, kinds, { timeoutMs: servedWithinMs, signal });
  if (missing.length > 0) {
    const names = missing.map(({ apiVersion, kind }) => oneLine(`${apiVersion} ${kind}`));
    throw new Failure({
      what: `The cluster does not serve ${names.join(', ')}, whose definition was written.`,
      remedy: 'Look at the conditions of the definition (`kubectl describe crd`).',
    });
  }
  return wanted.map(({ name }) => name);
}

function servedBy({ spec }: Definition) {
  return (spec?.versions ?? [])
    .filter(({ served }) => served === true)
    .map(({ name }) => ({ apiVersion: `${spec?.group}/${name}`, kind: spec?.names?.kind ?? '' }));
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
