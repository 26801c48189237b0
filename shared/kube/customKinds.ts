import type { KubeApi } from './KubeApi.ts';
import { servedKinds } from './servedKinds.ts';

/** A kind that somebody has defined in the cluster, as far as a namespace of it is read. */
export interface CustomKind {
  readonly kind: string;
  /** Where its objects of the namespace are. */
  readonly path: string;
  /** Whether it declares that its owner reports conditions. */
  readonly reports: boolean;
}

/** What tells of which kind an object is. */
export interface KindOf {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema?: { readonly openAPIV3Schema?: Schema };
    }[];
  };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Groups of Kubernetes itself; all others with a dot are somebody's. */
const own =
  /^(?:admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$/;

/**
 * Where the objects of kinds that others have defined are read. A kind that is not served, or may not be
 * looked up, is left out.
 */
export async function customKinds(
  api: Pick<KubeApi, 'get'>,
  namespace: string,
  kinds: readonly KindOf[],
): Promise<CustomKind[]> {
  const found = await Promise.all(kinds.map((one) => find(api, namespace, one)));
  return found.filter((kind) => kind !== undefined);
}

/** Whether a kind of that API version is somebody's, not of Kubernetes itself. */
export function isDefined(apiVersion: string): boolean {
  const [group = '', version] = apiVersion.split('/');
  return version !== undefined && group.includes('.') && !own.test(group);
}

async function find(
  api: Pick<KubeApi, 'get'>,
  namespace: string,
  { apiVersion, kind }: KindOf,
): Promise<CustomKind | undefined> {
  const [group, version] = apiVersion.split('/');
  const served = await servedKinds(api, [apiVersion]).catch(() => undefined);
  const resource = served?.get(apiVersion)?.get(kind);
  if (resource === undefined || !resource.namespaced) return undefined;
  const name = `${resource.plural}.${group}`;
  const definition = await api
    .get<Definition>(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`)
    .catch(() => undefined);
  const schema = definition?.spec.versions.find((one) => one.name === version)?.schema;
  const status = schema?.openAPIV3Schema?.properties?.status?.properties;
  return {
    kind,
    path: `/apis/${apiVersion}/namespaces/${namespace}/${resource.plural}`,
    reports: status?.conditions !== undefined,
  };
}
