import { at, groupOf, type KubeObject, listAt, textAt } from './KubeObject.ts';
import { podTemplateOf } from './podTemplates.ts';

export type ReferredKind =
  | 'ServiceAccount'
  | 'PriorityClass'
  | 'RuntimeClass'
  | 'Secret'
  | 'ConfigMap'
  | 'PersistentVolumeClaim'
  | 'StorageClass'
  | 'IngressClass';

/** What an object needs beside itself. */
export interface Reference {
  readonly kind: ReferredKind;
  readonly name: string;
  /** Where the object names it: `spec.template.spec.serviceAccountName`. */
  readonly path: string;
}

/** What an object's pods, claims and routes refer to; what they can do without is left out. */
export function referencesOf(object: KubeObject): Reference[] {
  const found: Reference[] = [];
  const add = (kind: ReferredKind, value: unknown, path: string) => {
    if (typeof value === 'string' && value !== '') found.push({ kind, name: value, path });
  };
  const template = podTemplateOf(object);
  if (template !== undefined) {
    const path = template.path === '' ? 'spec' : `${template.path}.spec`;
    ofPod(template.spec, path, add);
  }
  if (object.kind === 'PersistentVolumeClaim') {
    add('StorageClass', at(object, 'spec', 'storageClassName'), 'spec.storageClassName');
  }
  for (const [index, claim] of listAt(object, 'spec', 'volumeClaimTemplates').entries()) {
    const path = `spec.volumeClaimTemplates[${index}].spec.storageClassName`;
    add('StorageClass', at(claim, 'spec', 'storageClassName'), path);
  }
  if (object.kind === 'Ingress' && groupOf(object.apiVersion) === 'networking.k8s.io') {
    add('IngressClass', at(object, 'spec', 'ingressClassName'), 'spec.ingressClassName');
    for (const [index, tls] of listAt(object, 'spec', 'tls').entries()) {
      add('Secret', at(tls, 'secretName'), `spec.tls[${index}].secretName`);
    }
  }
  return found;
}

type Add = (kind: ReferredKind, value: unknown, path: string) => void;

function ofPod(spec: unknown, path: string, add: Add): void {
  const account = textAt(spec, 'serviceAccountName') ?? at(spec, 'serviceAccount');
  add('ServiceAccount', account, `${path}.serviceAccountName`);
  add('PriorityClass', at(spec, 'priorityClassName'), `${path}.priorityClassName`);
  add('RuntimeClass', at(spec, 'runtimeClassName'), `${path}.runtimeClassName`);
  for (const [index, secret] of listAt(spec, 'imagePullSecrets').entries()) {
    add('Secret', at(secret, 'name'), `${path}.imagePullSecrets[${index}].name`);
  }
  for (const list of ['initContainers', 'containers']) {
    for (const [index, container] of listAt(spec, list).entries()) {
      ofContainer(container, `${path}.${list}[${index}]`, add);
    }
  }
  for (const [index, volume] of listAt(spec, 'volumes').entries()) {
    ofVolume(volume, `${path}.volumes[${index}]`, add);
  }
}

function ofContainer(container: unknown, path: string, add: Add): void {
  for (const [index, entry] of listAt(container, 'env').entries()) {
    for (const [key, kind] of [
      ['secretKeyRef', 'Secret'],
      ['configMapKeyRef', 'ConfigMap'],
    ] as const) {
      needed(
        at(entry, 'valueFrom', key),
        kind,
        'name',
        `${path}.env[${index}].valueFrom.${key}`,
        add,
      );
    }
  }
  for (const [index, entry] of listAt(container, 'envFrom').entries()) {
    for (const [key, kind] of [
      ['secretRef', 'Secret'],
      ['configMapRef', 'ConfigMap'],
    ] as const) {
      needed(at(entry, key), kind, 'name', `${path}.envFrom[${index}].${key}`, add);
    }
  }
}

function ofVolume(volume: unknown, path: string, add: Add): void {
  needed(at(volume, 'secret'), 'Secret', 'secretName', `${path}.secret`, add);
  needed(at(volume, 'configMap'), 'ConfigMap', 'name', `${path}.configMap`, add);
  const claim = at(volume, 'persistentVolumeClaim', 'claimName');
  add('PersistentVolumeClaim', claim, `${path}.persistentVolumeClaim.claimName`);
  const secretOfShare = at(volume, 'azureFile', 'secretName');
  add('Secret', secretOfShare, `${path}.azureFile.secretName`);
  for (const [index, source] of listAt(volume, 'projected', 'sources').entries()) {
    const within = `${path}.projected.sources[${index}]`;
    needed(at(source, 'secret'), 'Secret', 'name', `${within}.secret`, add);
    needed(at(source, 'configMap'), 'ConfigMap', 'name', `${within}.configMap`, add);
  }
}

function needed(reference: unknown, kind: ReferredKind, key: string, path: string, add: Add): void {
  if (at(reference, 'optional') !== true) add(kind, at(reference, key), `${path}.${key}`);
}
