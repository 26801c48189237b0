import { parse } from 'yaml';
import { groupOf, type ManifestObject } from './ManifestObject.ts';

/** A kind as objects name it: `example.com/v1 Widget`. */
export function kindKey({ apiVersion, kind }: Pick<ManifestObject, 'apiVersion' | 'kind'>): string {
  return `${apiVersion} ${kind}`;
}

interface Definition {
  readonly spec?: {
    readonly group?: string;
    readonly names?: { readonly kind?: string };
    readonly crd?: { readonly spec?: { readonly names?: { readonly kind?: string } } };
  };
}

/**
 * The kinds, as `group Kind`, that these objects define themselves: by a CustomResourceDefinition, or
 * by a template of Gatekeeper, from which its controller makes one.
 */
export function definedKinds(objects: readonly ManifestObject[]): ReadonlySet<string> {
  const kinds = objects.flatMap(({ apiVersion, kind, text }) => {
    const group = groupOf(apiVersion);
    if (group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition') {
      const { spec } = read(text);
      return [`${spec?.group} ${spec?.names?.kind}`];
    }
    if (group === 'templates.gatekeeper.sh' && kind === 'ConstraintTemplate') {
      return [`constraints.gatekeeper.sh ${read(text).spec?.crd?.spec?.names?.kind}`];
    }
    return [];
  });
  return new Set(kinds);
}

function read(text: string): Definition {
  return (parse(text, { version: '1.1', logLevel: 'error' }) as Definition | null) ?? {};
}
