import { type KubeObject, listAt, textAt } from './KubeObject.ts';

/** Objects whose operators make Secrets, and how each names them. */
const secretMakers: Readonly<
  Record<string, (object: KubeObject) => readonly (string | undefined)[]>
> = {
  // External Secrets
  ExternalSecret: (object) => [textAt(object, 'spec', 'target', 'name') ?? object.metadata.name],
  // Bitnami's sealed secrets
  SealedSecret: (object) => [
    textAt(object, 'spec', 'template', 'metadata', 'name') ?? object.metadata.name,
  ],
  // cert-manager
  Certificate: (object) => [textAt(object, 'spec', 'secretName')],
  // akv2k8s
  AzureKeyVaultSecret: (object) => [textAt(object, 'spec', 'output', 'secret', 'name')],
  // The Secrets Store driver
  SecretProviderClass: (object) =>
    listAt(object, 'spec', 'secretObjects').map((secret) => textAt(secret, 'secretName')),
};

/** cert-manager makes the Secrets of an Ingress that asks it for certificates. */
const issuerAnnotation = /^(cert-manager\.io\/(cluster-)?issuer|kubernetes\.io\/tls-acme)$/;

/**
 * What comes into being with these objects, as `Kind/name`: they themselves, and the Secrets that
 * operators make of them.
 */
export function providedBy(objects: readonly KubeObject[]): ReadonlySet<string> {
  const provided = new Set<string>();
  for (const object of objects) {
    provided.add(`${object.kind}/${object.metadata.name}`);
    for (const name of secretMakers[object.kind]?.(object) ?? []) provided.add(`Secret/${name}`);
    const annotations = Object.keys(object.metadata.annotations ?? {});
    if (object.kind === 'Ingress' && annotations.some((name) => issuerAnnotation.test(name))) {
      for (const tls of listAt(object, 'spec', 'tls')) {
        provided.add(`Secret/${textAt(tls, 'secretName')}`);
      }
    }
    if (object.kind === 'StatefulSet') {
      for (const claim of listAt(object, 'spec', 'volumeClaimTemplates')) {
        const name = `${textAt(claim, 'metadata', 'name')}-${object.metadata.name}`;
        provided.add(`PersistentVolumeClaim/${name}-0`);
      }
    }
  }
  return provided;
}

const kindOfDefinition = /^(CustomResourceDefinition|ConstraintTemplate)$/;

/** The kinds that these objects define, which the server serves only after them: `group/Kind`. */
export function definedBy(objects: readonly KubeObject[]): ReadonlySet<string> {
  const defined = new Set<string>();
  for (const object of objects) {
    const [, what] = kindOfDefinition.exec(object.kind) ?? [];
    if (what === 'ConstraintTemplate') {
      const kind = textAt(object, 'spec', 'crd', 'spec', 'names', 'kind');
      defined.add(`constraints.gatekeeper.sh/${kind}`);
    } else if (what !== undefined) {
      defined.add(`${textAt(object, 'spec', 'group')}/${textAt(object, 'spec', 'names', 'kind')}`);
    }
  }
  return defined;
}
