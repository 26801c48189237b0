import type { Served } from './discover.ts';
import { groupOf, type KubeObject, nameOf } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';
import { definedBy, providedBy } from './providedBy.ts';
import { removalOf, successorOf } from './removedApis.ts';

/** An object and where the server has its kind. */
export interface Known {
  readonly object: KubeObject;
  readonly collection: string;
  readonly namespaced: boolean;
}

/** What of a release the server serves, and what it does not: no longer, not yet, or not at all. */
export function sortByKind(
  objects: readonly KubeObject[],
  { served, namespace }: { readonly served: Served; readonly namespace: string },
) {
  const defined = definedBy(objects);
  const provided = providedBy(objects);
  const known: Known[] = [];
  const obstacles: Obstacle[] = [];
  const untried: string[] = [];
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const found = served.kind(apiVersion, kind);
    const place = metadata.namespace ?? namespace;
    if (found?.namespaced && provided.has(`Namespace/${place}`) && place !== namespace) {
      untried.push(`${nameOf(object)}: its namespace comes with the release`);
    } else if (found !== undefined) {
      const root = groupOf(apiVersion) === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
      const within = found.namespaced ? `/namespaces/${place}` : '';
      known.push({
        object,
        collection: `${root}${within}/${found.plural}`,
        namespaced: found.namespaced,
      });
    } else if (defined.has(`${groupOf(apiVersion)}/${kind}`)) {
      untried.push(`${nameOf(object)}: its kind comes with the release`);
    } else if (served.silent.includes(groupOf(apiVersion))) {
      untried.push(`${nameOf(object)}: what serves ${groupOf(apiVersion)} does not answer`);
    } else {
      obstacles.push(notServed(object, served));
    }
  }
  return { known, obstacles, untried };
}

function notServed(object: KubeObject, served: Served): Obstacle {
  const { apiVersion, kind } = object;
  const removal = removalOf(apiVersion, kind);
  const successor = successorOf(apiVersion, kind, served.versionsOf(kind));
  const gone = removal === undefined ? '' : `Kubernetes 1.${removal.since} removed it`;
  return {
    rank: 'api',
    certain: true,
    object: nameOf(object),
    rule: `${apiVersion} ${kind}`,
    field: 'apiVersion',
    what: `The cluster does not serve ${kind} of ${apiVersion}, which ${nameOf(object)} is.`,
    why: [gone, removal?.note].filter(Boolean).join('. ') || undefined,
    remedy:
      successor === undefined
        ? removal === undefined
          ? 'Install its definition (CRD) first, or change the API version in the chart.'
          : 'Nothing took its place: take it out of the chart.'
        : `Write \`apiVersion: ${successor}\` in the chart, or take a newer version of the chart.`,
  };
}
