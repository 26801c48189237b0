import { Buffer } from 'node:buffer';
import { type ReleaseRecord, readRelease } from '../../../../../shared/helm/readRelease.ts';
import type { RevisionRef } from '../../../../../shared/helm/storedRelease.ts';
import { type KubeApi, KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import { discover } from '../../../../../shared/kube/preflight/discover.ts';
import {
  groupOf,
  type KubeObject,
  nameOf,
} from '../../../../../shared/kube/preflight/KubeObject.ts';
import { parseManifest } from '../../../../../shared/kube/preflight/parseManifest.ts';
import { type Known, sortByKind } from '../../../../../shared/kube/preflight/sortByKind.ts';

/** What a release has in the cluster. */
export interface Own {
  readonly objects: readonly Known[];
  /** Names of definitions that came with it and are not part of it. */
  readonly definitions: readonly string[];
}

const nothing: Own = { objects: [], definitions: [] };

/** Finds what a release has, by Helm's record of it; nothing where that cannot be read. */
export async function findOwn(api: Pick<KubeApi, 'get'>, ref: RevisionRef): Promise<Own> {
  const [served, record] = await Promise.all([discover(api), readRelease(api, ref).catch(unknown)]);
  if (served === undefined || record === undefined) return nothing;
  const rendered = parseManifest(record.manifest);
  const { known } = sortByKind(rendered, { served, namespace: ref.namespace });
  const inside = new Set(rendered.map(nameOf));
  const names = [...ofChart(record), ...ofKinds(rendered, known)];
  const definitions = [...new Set(names)].filter(
    (name) => !inside.has(`CustomResourceDefinition/${name}`),
  );
  return { objects: known, definitions };
}

/** The chart's `crds` folder, which Helm creates and leaves alone from then on. */
function ofChart({ files }: ReleaseRecord): string[] {
  return files
    .filter(({ name }) => /^(?:charts\/[^/]+\/)*crds\/.*\.(?:ya?ml|json)$/.test(name))
    .flatMap(({ data }) => {
      try {
        return parseManifest(Buffer.from(data, 'base64').toString());
      } catch {
        // What Helm took and we cannot read is not listed.
        return [];
      }
    })
    .flatMap(({ kind, metadata }) =>
      kind === 'CustomResourceDefinition' && metadata.name !== undefined ? [metadata.name] : [],
    );
}

/** Of its own custom resources, as manifests have them. */
function ofKinds(objects: readonly KubeObject[], known: readonly Known[]): string[] {
  const places = new Map(known.map(({ object, collection }) => [object, collection]));
  return objects.flatMap((object) => {
    const group = groupOf(object.apiVersion);
    const plural = places.get(object)?.split('/').at(-1);
    return group.includes('.') && plural !== undefined ? [`${plural}.${group}`] : [];
  });
}

function unknown(error: unknown): undefined {
  if (!(error instanceof KubeProblem)) throw error;
  return undefined;
}
