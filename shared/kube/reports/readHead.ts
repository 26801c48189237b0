import type { ClusterReport } from './ClusterReport.ts';
import type { Metadata } from './reportShape.ts';

/** Both operators name what a report is about in labels, each in its own. */
const operators = ['trivy-operator', 'starboard'] as const;

/** What a report is about, from the labels, annotations and owners of its object. */
export function readHead({
  name,
  namespace,
  labels,
  annotations,
  ownerReferences: [owner],
}: Metadata): Pick<ClusterReport, 'name' | 'namespace' | 'about' | 'container' | 'ownerUid'> {
  const say = (field: string) =>
    operators
      .flatMap((operator) => [labels, annotations].map((said) => said[`${operator}.${field}`]))
      .find(Boolean);
  const kind = say('resource.kind') ?? owner?.kind;
  // A name that no label can hold stands there only as a hash.
  const about = say('resource.name') ?? owner?.name;
  return {
    name: namespace === undefined ? name : `${namespace}/${name}`,
    namespace,
    about:
      kind === undefined || about === undefined
        ? undefined
        : { namespace: say('resource.namespace') ?? namespace, kind, name: about },
    container: say('container.name'),
    ownerUid: owner?.uid,
  };
}
