import { namedBase, provenBases, writtenBase } from '../../../../shared/base/baseNames.ts';
import type { BaseEffects } from '../../../../shared/base/findBase.ts';
import { fetchBlob } from '../../../../shared/oci/fetchBlob.ts';
import { type PinnedReference, pin, type Reference } from '../../../../shared/oci/Reference.ts';
import { readManifest } from '../../../../shared/oci/readManifest.ts';
import { registryContent } from '../../../../shared/oci/registryContent.ts';
import type { Dockerfile } from '../../../../shared/report/dockerfile/Dockerfile.ts';

/** Everything that says from which images this one was built; what knows a digest first. */
export async function namesOfBase(
  image: PinnedReference | undefined,
  labels: Readonly<Record<string, string>>,
  dockerfile: Dockerfile | undefined,
  effects: BaseEffects,
): Promise<Reference[]> {
  const attached = image === undefined ? [] : await ofRegistry(image, effects);
  return [...attached, ...namedBase(labels), ...writtenBase(dockerfile?.instructions ?? [])];
}

/** Annotations, and the provenance that BuildKit lays into the index. */
async function ofRegistry(image: PinnedReference, effects: BaseEffects): Promise<Reference[]> {
  const { registry, patience } = effects;
  const read = async (reference: PinnedReference) =>
    readManifest((await registry.manifest(reference)).bytes, 'The image');
  const { manifests = [], annotations = {} } = await read(image);
  const entry = manifests.find(
    (each) => each.annotations?.['vnd.docker.reference.type'] === 'attestation-manifest',
  );
  const named = namedBase(annotations);
  if (entry === undefined) return named;
  const { layers = [] } = await read(pin(image, entry.digest));
  const layer = layers.find((each) =>
    each.annotations?.['in-toto.io/predicate-type']?.startsWith('https://slsa.dev/provenance/'),
  );
  if (layer === undefined) return named;
  const bytes = await fetchBlob(registryContent(registry, image, patience), layer, patience);
  return [...provenBases(parsed(bytes.toString())), ...named];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
