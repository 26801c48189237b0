import { attachStatement, bundleBytes } from '../../../../shared/evidence/attachStatement.ts';
import type { Statement } from '../../../../shared/evidence/Statement.ts';
import type { StatementSigner } from '../../../../shared/evidence/StatementSigner.ts';
import { signStatement } from '../../../../shared/evidence/signStatement.ts';
import { type PolicyName, verdictStatement } from '../../../../shared/evidence/verdictStatement.ts';
import { type Scan, vulnsStatement } from '../../../../shared/evidence/vulnsStatement.ts';
import type { Patience } from '../../../../shared/oci/patiently.ts';
import { digestOf } from '../../../../shared/oci/putManifest.ts';
import type { Digest, PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { excusesField } from './excusesOf.ts';
import { keyAnnotation, recordField } from './GateRecord.ts';

/** Who judges; who signs is another thing. */
export const verifier = 'https://github.com/data-platform/platform-actions/trivy-gate';

export interface Attested {
  readonly subject: PinnedReference;
  readonly policy: PolicyName;
  readonly outcome: 'pass' | 'violation';
  readonly verifiedAt: Date;
  /** Absent where not all was seen, or no vulnerabilities were looked for. */
  readonly scan?: Omit<Scan, 'subject'> | undefined;
  /** As `excusesOf` makes it. */
  readonly excuses?: Readonly<Record<string, unknown>> | undefined;
  /** As `recordVerdict` makes it. */
  readonly record?: Readonly<Record<string, unknown>> | undefined;
}

/** Digests of what was attached. */
export interface Attachments {
  readonly scan: Digest | undefined;
  readonly verdict: Digest;
}

/**
 * Signs what was seen and what was decided, and attaches both to the digest: the scan first, so that
 * the verdict never names what is not there.
 *
 * @throws {Denied} when the registry may not be written to
 * @throws {Failure} when nobody signs, the registry fails, or the patience is over
 */
export async function attestVerdict(
  { subject, scan, excuses, record, ...claim }: Attested,
  client: RegistryClient,
  signer: StatementSigner,
  patience: Patience,
): Promise<Attachments> {
  const seen = scan && (await attach(vulnsStatement({ subject, ...scan })));
  const statement = verdictStatement({
    ...{ subject, verifier, ...claim },
    inputs:
      seen === undefined ? [] : [{ uri: blobUrl(subject, seen.content), digest: seen.content }],
    extensions: {
      ...(excuses && { [excusesField]: excuses }),
      ...(record && { [recordField]: record }),
    },
  });
  const key = record?.key;
  const verdict = await attach(
    statement,
    typeof key === 'string' ? { [keyAnnotation]: key } : undefined,
  );
  return { scan: seen?.artifact, verdict: verdict.artifact };

  async function attach(made: Statement, annotations: Readonly<Record<string, string>> = {}) {
    const bundle = await signStatement(made, signer.signer, signer.witnesses);
    const { predicateType } = made;
    const artifact = await attachStatement(
      client,
      subject,
      { bundle, predicateType, annotations },
      patience,
    );
    return { artifact, content: digestOf(bundleBytes(bundle)) };
  }
}

/** Where an attestation can be fetched (distribution specification, "Pulling blobs"). */
function blobUrl({ registry, repository }: PinnedReference, digest: Digest): string {
  return `https://${registry}/v2/${repository}/blobs/${digest}`;
}
