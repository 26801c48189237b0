import { InputProblem, type Parse } from '../../../../shared/action/InputReader.ts';

/** What is attested about a build, as `--attest` takes it. */
export interface Attestations {
  /** `provenance`: attributes, `true` or `false`; `undefined` for the default. */
  readonly provenance: string | undefined;
  /** `sbom`: the same. */
  readonly sbom: string | undefined;
  /** `attests`: as they were given. */
  readonly attests: readonly string[];
}

/** What decides the default. */
export interface Surroundings {
  readonly visibility: 'public' | 'private';
  /** The workflow run, which provenance names as the builder. */
  readonly builderId: string | undefined;
  /** Whether the result is a plain image of a Docker engine, which cannot hold attestations. */
  readonly plainImage: boolean;
}

/** Reads `provenance` and `sbom`: a boolean, or attributes such as `mode=max`. */
export const attestation: Parse<string> = (text) => {
  const given = text.trim();
  if (/^(true|false)$/i.test(given)) return given.toLowerCase();
  if (given.split(',').every((part) => /^[\w-]+=.+$/.test(part.trim()))) return given;
  throw new InputProblem(
    'is neither a boolean nor attributes',
    'Write `true`, `false` or attributes such as `mode=max`.',
  );
};

/**
 * The `--attest` values. By default provenance in full for public repositories (all of it is public
 * anyway), and for private ones the least, which holds no build arguments; SBOMs when asked for.
 */
export function attestArguments(
  { provenance, sbom, attests }: Attestations,
  { visibility, builderId, plainImage }: Surroundings,
): string[] {
  const given = (type: string) => attests.some((one) => one.split(',').includes(`type=${type}`));
  const values = [...attests];
  if (!given('provenance')) {
    const builder = builderId === undefined ? '' : `,builder-id=${builderId}`;
    if (provenance === 'false') values.push('type=provenance,disabled=true');
    else if (provenance === 'true') values.push(`type=provenance${builder}`);
    else if (provenance !== undefined) values.push(`type=provenance,${provenance}${builder}`);
    else if (!plainImage) {
      const mode = visibility === 'public' ? 'mode=max' : 'mode=min,inline-only=true';
      values.push(`type=provenance,${mode}${builder}`);
    }
  }
  if (!given('sbom') && sbom !== undefined) {
    if (sbom === 'false') values.push('type=sbom,disabled=true');
    else values.push(sbom === 'true' ? 'type=sbom' : `type=sbom,${sbom}`);
  }
  return values.flatMap((value) => ['--attest', value]);
}
