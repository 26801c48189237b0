import { Failure } from '../../../shared/failure/Failure.ts';
import { definedKinds, kindKey } from '../../../shared/helm/manifests/definedKinds.ts';
import {
  groupOf,
  type ManifestObject,
  objectName,
} from '../../../shared/helm/manifests/ManifestObject.ts';
import { placeImages } from '../../../shared/helm/manifests/placeImages.ts';
import { splitLate } from '../../../shared/helm/manifests/splitLate.ts';
import { servedKinds } from '../../../shared/kube/servedKinds.ts';
import { checkPinnedImages } from './checkPinnedImages.ts';
import { checkPlaced } from './checkPlaced.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Inputs } from './inputs.ts';
import type { Cluster } from './openCluster.ts';
import type { PinnedImageAt } from './resolveImages.ts';
import { type Prepared, writeChart } from './source/prepareChart.ts';

/**
 * Makes a chart of objects, with the images that were given in their places. Where the cluster does not
 * serve the kinds of some yet, a first chart without them goes before.
 *
 * @throws {Failure} when an image is nowhere, or a kind will never be served
 */
export async function planObjects(
  { from, objects: read }: Extract<Prepared, { kind: 'objects' }>,
  { release, namespace, requirePinned, crds }: Inputs,
  images: readonly PinnedImageAt[],
  { api }: Pick<Cluster, 'api'>,
  folder: string,
): Promise<Pick<DeployPlan, 'chart' | 'valueFiles' | 'first' | 'ownNamespace' | 'definitions'>> {
  const named = images.map(({ path, image }) => ({ name: path, image }));
  const placed = placeImages(read, named);
  checkPlaced(placed.found, read.map(({ text }) => text).join('---\n'));
  if (requirePinned) checkPinnedImages(placed.objects.map(({ text }) => text).join('---\n'));
  // Helm keeps the release in it: with the release it would go, and Helm does not make it twice.
  const own = placed.objects.find(
    ({ apiVersion, kind, name }) =>
      apiVersion === 'v1' && kind === 'Namespace' && name === namespace,
  );
  const definitions = placed.objects.filter(isDefinition);
  const objects = placed.objects.filter((object) => object !== own && !isDefinition(object));
  const applied = crds === 'skip' ? [] : definitions;
  const coming = definedKinds(applied);
  const served = await servedKinds(
    api,
    objects.map(({ apiVersion }) => apiVersion),
  );
  const { now, late, never } = splitLate(
    objects,
    ({ apiVersion, kind }) =>
      served.get(apiVersion)?.has(kind) === true || coming.has(`${groupOf(apiVersion)} ${kind}`),
  );
  if (never.length > 0) throw new AggregateError(never.map(notServed), 'Kinds are not served.');
  const beside = own === undefined ? applied : [...applied, own];
  const write = (what: readonly ManifestObject[], name: string) =>
    writeChart({ release, from, objects: what, beside }, `${folder}/${name}`);
  return {
    chart: await write(objects, 'all'),
    valueFiles: [],
    ownNamespace: own,
    definitions: { files: applied, only: crds === 'create' ? 'missing' : 'all' },
    first: late.length === 0 ? undefined : { change: { chart: await write(now, 'first') }, late },
  };
}

/** With a definition all objects of its kind would go, in all namespaces: no release has it. */
function isDefinition({ apiVersion, kind }: ManifestObject): boolean {
  return groupOf(apiVersion) === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition';
}

function notServed(object: ManifestObject): Failure {
  const { file, line } = object;
  return new Failure({
    what: `${file}:${line}: the cluster does not serve ${kindKey(object)}, of which ${objectName(object)} is one.`,
    why: 'Nothing in the source defines it, and no program in it could.',
    remedy: 'Deploy its definition (CRD) before or with it, or correct apiVersion and kind.',
    place: { file, line },
  });
}
