/** An image that BuildKit says it used, by name and digest. */
export interface UsedImage {
  readonly name: string;
  readonly digest: string;
}

/**
 * The images that a build really used, from the provenance in buildx's metadata (which is there
 * without an attestation, too). Its shape differs by version and by the number of platforms, so
 * materials are looked for wherever they are.
 *
 * @param metadata the JSON of `--metadata-file`
 */
export function usedImages(metadata: string): readonly UsedImage[] {
  const found: UsedImage[] = [];
  const search = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { uri, digest } = value as { uri?: unknown; digest?: { sha256?: unknown } };
    const [, name] = /^pkg:docker\/([^?]+)/.exec(String(uri)) ?? [];
    if (name !== undefined && typeof digest?.sha256 === 'string') {
      // What writes the SBOM is no part of the image.
      if (!name.includes('buildkit-syft-scanner')) {
        found.push({ name: decodeURIComponent(name), digest: `sha256:${digest.sha256}` });
      }
      return;
    }
    for (const part of Object.values(value)) search(part);
  };
  search(JSON.parse(metadata));
  return found;
}
