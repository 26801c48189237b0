import { Failure } from '../../../../shared/failure/Failure.ts';
import {
  formatReference,
  type PinnedReference,
  parseDigest,
  pin,
} from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';

interface Descriptor {
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

/**
 * The ONBUILD triggers of a base image, on the platforms that were built. They run in the builds on
 * it, and may copy what our reading of the Dockerfile does not see.
 *
 * @throws {Failure} when the registry does not give the image's configuration
 */
export async function findTriggers(
  registry: Pick<RegistryClient, 'manifest' | 'send'>,
  base: PinnedReference,
  platforms: readonly string[],
): Promise<readonly string[]> {
  const { bytes } = await registry.manifest(base);
  const { manifests, config } = JSON.parse(bytes.toString()) as {
    manifests?: readonly Descriptor[];
    config?: Descriptor;
  };
  if (config !== undefined) return readTriggers(registry, base, config);
  const wanted = (manifests ?? []).filter(({ platform }) =>
    platforms.some((name) => name.startsWith(`${platform?.os}/${platform?.architecture}`)),
  );
  const found = await Promise.all(
    wanted.map(({ digest }) => findTriggers(registry, pin(base, parseDigest(digest)), platforms)),
  );
  return found.flat();
}

async function readTriggers(
  registry: Pick<RegistryClient, 'send'>,
  base: PinnedReference,
  { digest }: Descriptor,
): Promise<readonly string[]> {
  const response = await registry.send(base, { path: `blobs/${digest}` });
  if (response.status !== 200) {
    throw new Failure({ what: `The configuration of ${formatReference(base)} cannot be read.` });
  }
  const { config } = JSON.parse(response.body.toString()) as {
    config?: { OnBuild?: readonly string[] | null };
  };
  return config?.OnBuild ?? [];
}
