import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { ImageSource } from './ImageSource.ts';

/** Where the facts of an image come from: what is known of it by now need not be asked for again. */
export function sourceOf(manifest: Manifest | undefined, registry: RegistryClient): ImageSource {
  return {
    manifest: async (reference) =>
      manifest !== undefined && manifest.digest === reference.digest
        ? manifest
        : registry.manifest(reference),
    send: (reference, request) => registry.send(reference, request),
  };
}
