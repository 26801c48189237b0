import type { Digest, PinnedReference } from '../oci/Reference.ts';
import { digestSet } from './digestSet.ts';
import type { Statement } from './Statement.ts';

/** slsa-framework/slsa, docs/spec/v1.1/verification_summary.md. */
export const verdictPredicate = 'https://slsa.dev/verification_summary/v1';

/** What a verdict was measured by. */
export interface PolicyName {
  /** A name of one's own such as `production`, or a URI. */
  readonly name: string;
  /** Of its canonical content. */
  readonly digest: Digest;
}

export interface VerdictClaim {
  readonly subject: PinnedReference;
  /** A URI: who judges, which is not who signs. */
  readonly verifier: string;
  readonly verifiedAt: Date;
  readonly policy: PolicyName;
  /** An incomplete one has no summary. */
  readonly outcome: 'pass' | 'violation';
  /** All that it rests on: the addresses of the attached statements, and their digests. */
  readonly inputs: readonly { readonly uri: string; readonly digest: Digest }[];
  /** Fields of one's own; their names are URIs. */
  readonly extensions?: Readonly<Record<`https://${string}`, unknown>>;
}

/** What was decided of a digest, as anybody reads it who knows SLSA's verification summaries. */
export function verdictStatement(claim: VerdictClaim): Statement {
  const { subject, verifier, verifiedAt, policy, outcome, inputs, extensions } = claim;
  return {
    subject: { name: `${subject.registry}/${subject.repository}`, digest: subject.digest },
    predicateType: verdictPredicate,
    predicate: {
      verifier: { id: verifier },
      timeVerified: verifiedAt.toISOString(),
      resourceUri: imagePurl(subject),
      policy: { uri: policyUri(policy.name), digest: digestSet(policy.digest) },
      ...(inputs.length > 0 && {
        inputAttestations: inputs.map(({ uri, digest }) => ({ uri, digest: digestSet(digest) })),
      }),
      verificationResult: outcome === 'pass' ? 'PASSED' : 'FAILED',
      // No level of SLSA is checked here, and none is claimed.
      verifiedLevels: outcome === 'pass' ? [] : ['FAILED'],
      slsaVersion: '1.1',
      ...extensions,
    },
  };
}

/** The URI of a policy: a bare name becomes one of ours. */
export function policyUri(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(name)) return name;
  return `https://github.com/data-platform/platform-actions/policies/${encodeURIComponent(name)}`;
}

/** package-url/purl-spec, type `oci`. */
function imagePurl({ registry, repository, digest }: PinnedReference): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return `pkg:oci/${name}@${encodeURIComponent(digest)}?repository_url=${registry}/${repository}`;
}
