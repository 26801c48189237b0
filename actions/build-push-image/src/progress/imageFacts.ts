import { type Digest, pin, type Reference } from '../../../../shared/oci/Reference.ts';
import {
  createdAt,
  type Descriptor,
  formatPlatform,
  type ImageDocument,
  type ImageSource,
  readConfig,
  readDocument,
} from './ImageSource.ts';

/** The image of one platform. */
export interface PlatformFacts {
  /** As `os/architecture[/variant]`. */
  readonly platform: string;
  /** What is moved when it is pulled: the compressed layers and the configuration. */
  readonly bytes: number;
  /** The compressed size of each, the base first. */
  readonly layers: readonly number[];
  readonly createdAt: number | undefined;
  readonly labels: Words;
  /** Of its manifest. */
  readonly annotations: Words;
}

type Words = Readonly<Record<string, string>>;

/** What a registry tells of an image. */
export interface ImageFacts {
  readonly digest: Digest;
  readonly platforms: readonly PlatformFacts[];
  /** What is attested, such as `SBOM (SPDX)`. */
  readonly attestations: readonly string[];
  /** Of its index; none where it has none. */
  readonly annotations: Words;
}

const predicates: readonly (readonly [prefix: string, name: string])[] = [
  ['https://spdx.dev/', 'SBOM (SPDX)'],
  ['https://cyclonedx.org/', 'SBOM (CycloneDX)'],
  ['https://slsa.dev/provenance/', 'provenance (SLSA)'],
];

/**
 * Asks the registry what an image is: two requests a platform, side by side, and one for its index.
 *
 * @throws {Failure} when the registry has no such image, or refuses
 */
export async function imageFacts(reference: Reference, source: ImageSource): Promise<ImageFacts> {
  const document = await readDocument(source, reference);
  const { digest, annotations = {} } = document;
  if (document.manifests === undefined) {
    const platform = await platformFacts(reference, source, document);
    return { digest, platforms: [platform], attestations: [], annotations: {} };
  }
  const images = document.manifests.filter((entry) => !isAttestation(entry));
  const attached = document.manifests.find(isAttestation);
  const [platforms, attestations] = await Promise.all([
    Promise.all(
      images.map(async (entry) =>
        platformFacts(
          reference,
          source,
          await readDocument(source, pin(reference, entry.digest)),
          entry,
        ),
      ),
    ),
    // Those of the other platforms are of the same kinds.
    attached === undefined
      ? []
      : readDocument(source, pin(reference, attached.digest)).then(kindsOf),
  ]);
  return { digest, platforms, attestations, annotations };
}

async function platformFacts(
  reference: Reference,
  source: ImageSource,
  { config, layers = [], annotations = {} }: ImageDocument,
  entry?: Descriptor,
): Promise<PlatformFacts> {
  const found = await readConfig(source, reference, config);
  return {
    platform: formatPlatform(entry?.platform ?? found ?? {}),
    bytes: [config, ...layers].reduce((sum, blob) => sum + (blob?.size ?? 0), 0),
    layers: layers.map(({ size = 0 }) => size),
    createdAt: createdAt(found),
    labels: found?.config?.Labels ?? {},
    annotations,
  };
}

function isAttestation({ annotations }: Descriptor): boolean {
  return annotations?.['vnd.docker.reference.type'] === 'attestation-manifest';
}

function kindsOf({ layers = [] }: ImageDocument): readonly string[] {
  const types = layers.map(({ annotations }) => annotations?.['in-toto.io/predicate-type'] ?? '');
  return [...new Set(types)]
    .filter((type) => type !== '')
    .map((type) => predicates.find(([prefix]) => type.startsWith(prefix))?.[1] ?? type);
}
