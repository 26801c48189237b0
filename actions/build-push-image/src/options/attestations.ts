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
 * anyway), and for private ones the least, which holds no build arguments; SBOMs when asked for. What
 * `provenance` and `sbom` say goes before what `attests` says of the same.
 */
export function attestArguments(
  { provenance, sbom, attests }: Attestations,
  { visibility, builderId, plainImage }: Surroundings,
): string[] {
  const builder = builderId === undefined ? '' : `,builder-id=${builderId}`;
  const values = attests
    .filter((one) => !isOf('provenance', one) || provenance === undefined)
    .filter((one) => !isOf('sbom', one) || sbom === undefined)
    .map((one) => (isOf('provenance', one) ? withBuilder(one, builder) : one));
  if (provenance === 'false') values.push('type=provenance,disabled=true');
  else if (provenance === 'true') values.push(`type=provenance${builder}`);
  else if (provenance !== undefined) {
    values.push(withBuilder(`type=provenance,${provenance}`, builder));
  } else if (!plainImage && !attests.some((one) => isOf('provenance', one))) {
    const mode = visibility === 'public' ? 'mode=max' : 'mode=min,inline-only=true';
    values.push(`type=provenance,${mode}${builder}`);
  }
  if (sbom === 'false') values.push('type=sbom,disabled=true');
  else if (sbom !== undefined) values.push(sbom === 'true' ? 'type=sbom' : `type=sbom,${sbom}`);
  return values.flatMap((value) => ['--attest', value]);
}

function isOf(type: string, attest: string): boolean {
  return attest.split(',').includes(`type=${type}`);
}

/** Unless it is turned off, or names its builder itself. */
function withBuilder(attest: string, builder: string): string {
  return /(^|,)(builder-id=|disabled=true)/.test(attest) ? attest : `${attest}${builder}`;
}
