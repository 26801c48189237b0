import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { type Digest, parseDigest } from './Reference.ts';

const digest = v.pipe(
  v.string(),
  v.check((text) => isDigest(text), 'is not a digest'),
  v.transform((text) => text as Digest),
);
const texts = v.record(v.string(), v.string());

/** OCI image specification, "Content Descriptors". What else there is stays as it is. */
const descriptor = v.looseObject({
  mediaType: v.string(),
  digest,
  size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  annotations: v.optional(texts),
  artifactType: v.optional(v.string()),
  urls: v.optional(v.array(v.string())),
  platform: v.optional(
    v.looseObject({
      os: v.string(),
      architecture: v.string(),
      variant: v.optional(v.string()),
      'os.version': v.optional(v.string()),
    }),
  ),
});

const manifest = v.looseObject({
  mediaType: v.optional(v.string()),
  artifactType: v.optional(v.string()),
  manifests: v.optional(v.array(descriptor)),
  config: v.optional(descriptor),
  layers: v.optional(v.array(descriptor)),
  subject: v.optional(descriptor),
  annotations: v.optional(texts),
});

export type Descriptor = v.InferOutput<typeof descriptor>;
/** An image, an index or an artifact, of OCI or Docker. */
export type ManifestFields = v.InferOutput<typeof manifest>;

/**
 * Reads a manifest or an index.
 *
 * @param name what it is called in an error
 * @throws {Failure} when it is neither
 */
export function readManifest(bytes: Uint8Array, name: string): ManifestFields {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new Failure({ what: `${name} is not JSON.`, remedy: 'Push the image again.', cause });
  }
  const read = v.safeParse(manifest, json);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Failure({
    what: `${name} is not a manifest.`,
    why: `${v.getDotPath(issue) ?? 'It'}: ${issue.message}.`,
    remedy: 'Push the image again.',
  });
}

/** What a registry has to store for this manifest besides itself: config and layers. */
export function blobsOf({ config, layers = [] }: ManifestFields): readonly Descriptor[] {
  // A layer with addresses of its own (Windows base layers) is fetched from there, not stored.
  return [...(config ? [config] : []), ...layers.filter(({ urls = [] }) => urls.length === 0)];
}

function isDigest(text: string): boolean {
  try {
    parseDigest(text);
    return true;
  } catch {
    return false;
  }
}
