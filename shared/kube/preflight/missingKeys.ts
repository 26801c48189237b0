import { at, type KubeObject, listAt, nameOf, textAt } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';
import { podTemplateOf } from './podTemplates.ts';

const sources = [
  ['secretKeyRef', 'Secret'],
  ['configMapKeyRef', 'ConfigMap'],
] as const;

/**
 * Keys that pods take from a Secret or ConfigMap of the same release and that it does not have. What is
 * in the cluster is not read: a Secret is nobody's business here. Something may still fill them in.
 */
export function missingKeys(objects: readonly KubeObject[]): Obstacle[] {
  const keys = new Map(objects.map((object) => [nameOf(object), keysOf(object)]));
  return objects.flatMap((object) => {
    const template = podTemplateOf(object);
    if (template === undefined) return [];
    const path = template.path === '' ? 'spec' : `${template.path}.spec`;
    return ['initContainers', 'containers'].flatMap((list) =>
      listAt(template.spec, list).flatMap((container, place) =>
        listAt(container, 'env').flatMap((entry, index) =>
          sources.flatMap(([source, kind]) => {
            const reference = at(entry, 'valueFrom', source);
            const [name, key] = [textAt(reference, 'name'), textAt(reference, 'key')];
            const known = keys.get(`${kind}/${name}`);
            if (key === undefined || known === undefined || known.has(key)) return [];
            if (at(reference, 'optional') === true) return [];
            const field = `${path}.${list}[${place}].env[${index}].valueFrom.${source}.key`;
            return [obstacle(nameOf(object), `${kind} ${name}`, key, field, known)];
          }),
        ),
      ),
    );
  });
}

function keysOf(object: KubeObject): ReadonlySet<string> {
  const parts = ['data', 'stringData', 'binaryData'].map((part) => at(object, part) ?? {});
  return new Set(parts.flatMap((part) => Object.keys(part)));
}

function obstacle(
  object: string,
  of: string,
  key: string,
  field: string,
  known: ReadonlySet<string>,
): Obstacle {
  return {
    ...{ rank: 'missing', certain: false, object, rule: `${of} ${key}`, field },
    what: `${object} wants key ${key} of ${of} (${field}), which the release makes without it.`,
    why: known.size === 0 ? 'It has no keys' : `It has ${[...known].slice(0, 10).join(', ')}`,
    remedy: 'Correct the key, or add it; the rollout waits until something brings it.',
  };
}
