import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../../../shared/http/request.ts';
import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import type { Digest, Reference } from '../../../../shared/oci/Reference.ts';

/** What is asked of a registry to know an image. */
export interface ImageSource {
  /** @throws {Failure} when there is none, or the registry refuses */
  manifest(reference: Reference): Promise<Manifest>;
  /** A GET below `/v2/<repository>/`; every status is an answer. */
  send(reference: Reference, request: { readonly path: string }): Promise<HttpResponse>;
}

/** A descriptor of the OCI image specification, as far as it is used. */
export interface Descriptor {
  readonly digest: Digest;
  readonly mediaType?: string;
  readonly size?: number;
  readonly platform?: {
    readonly os?: string;
    readonly architecture?: string;
    readonly variant?: string;
  };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An index or a manifest: an image's are told apart by what they hold. */
export interface ImageDocument {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The configuration of an image, as far as it is used. */
export interface ImageConfig {
  readonly created?: string;
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null };
}

/** Builds that are to be the same each time write the year 1970 or 1980. */
const firstCredible = Date.UTC(1981, 0, 1);

/** An index or a manifest, of which only what has its form is taken. */
export async function readDocument(
  source: ImageSource,
  reference: Reference,
): Promise<ImageDocument & { readonly digest: Digest }> {
  const { digest, bytes } = await source.manifest(reference);
  const { manifests, layers, config, annotations } = Object(
    JSON.parse(bytes.toString()),
  ) as ImageDocument;
  return {
    digest,
    ...(Array.isArray(manifests) && { manifests: manifests.filter(isDescriptor) }),
    ...(Array.isArray(layers) && { layers: layers.filter(isDescriptor) }),
    ...(isDescriptor(config) && { config }),
    ...(annotations instanceof Object && { annotations }),
  };
}

function isDescriptor(value: Descriptor | undefined): value is Descriptor {
  return typeof value?.digest === 'string' && /^sha(?:256|512):[0-9a-f]+$/.test(value.digest);
}

/** The configuration of an image; `undefined` when the registry does not give it, or gives another one. */
export async function readConfig(
  source: ImageSource,
  reference: Reference,
  config: Descriptor | undefined,
): Promise<ImageConfig | undefined> {
  if (config === undefined) return undefined;
  const { status, body } = await source.send(reference, { path: `blobs/${config.digest}` });
  const found = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  if (status !== 200 || found !== config.digest) return undefined;
  return Object(JSON.parse(body.toString())) as ImageConfig;
}

/** When an image was made, where it tells in earnest. */
export function createdAt(config: ImageConfig | undefined): number | undefined {
  const at = Date.parse(config?.created ?? '');
  return at >= firstCredible ? at : undefined;
}

/** As `os/architecture[/variant]`. */
export function formatPlatform({
  os,
  architecture,
  variant,
}: NonNullable<Descriptor['platform']>): string {
  return [os ?? 'unknown', architecture ?? 'unknown', variant].filter(Boolean).join('/');
}
