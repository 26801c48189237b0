import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type SignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';

/** A job that may sign: what its certificate has to say of it. */
export interface TrustedIdentity {
  /** Authorities for certificates and times, as `cosign trusted-root create` writes them (JSON). */
  readonly trustedRoot: unknown;
  /** Of the job's tokens: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** `https://github.com/acme/web`. */
  readonly repositoryUrl: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  /** Events that only those start who may write to the repository. */
  readonly triggers: readonly string[];
}

/** Extensions of Fulcio's certificates (sigstore/fulcio, docs/oid-info.md). */
const oids = {
  issuer: '1.3.6.1.4.1.57264.1.8',
  repositoryUrl: '1.3.6.1.4.1.57264.1.12',
  ref: '1.3.6.1.4.1.57264.1.14',
  trigger: '1.3.6.1.4.1.57264.1.20',
} as const;

/**
 * @returns why it does not count, as the end of a sentence; nothing when the job signed it
 * @throws {Failure} when the trusted root cannot be read, which is a mistake of whoever gave it
 */
export function signedByIdentity(
  entity: SignedEntity,
  { trustedRoot, issuer, repositoryUrl, ref, triggers }: TrustedIdentity,
): string | undefined {
  const root = readRoot(trustedRoot);
  const thresholds = {
    timestampThreshold: 1,
    // Where the root names logs of certificates, one has to have it. Of the signature itself a
    // timestamp is enough: who signed when is all that is asked here.
    ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
    tlogThreshold: 0,
  };
  let found: Map<string, string>;
  try {
    const { identity } = new Verifier(toTrustMaterial(root), thresholds).verify(entity);
    found = new Map(
      (identity?.oids ?? []).map(({ oid, value }) => [
        (oid?.id ?? []).join('.'),
        utf8String(value),
      ]),
    );
  } catch (error) {
    return `its certificate does not hold (${oneLine(error instanceof Error ? error.message : '')})`;
  }
  const wanted = {
    issuer: [issuer],
    repositoryUrl: [repositoryUrl],
    ref: [ref],
    trigger: triggers,
  };
  for (const [name, oid] of Object.entries(oids)) {
    const said = found.get(oid) ?? 'nothing';
    const allowed = wanted[name as keyof typeof oids];
    if (!allowed.includes(said)) {
      return `it is signed by a job of which the ${name} is ${oneLine(said)}, not ${allowed.join(' or ')}`;
    }
  }
  return undefined;
}

function readRoot(json: unknown): TrustedRoot {
  try {
    const root = TrustedRoot.fromJSON(json);
    if (root.certificateAuthorities.length > 0 && root.timestampAuthorities.length > 0) return root;
  } catch {
    // Told below.
  }
  throw new Failure({
    what: 'The trusted root names no certificate authority, or no timestamp authority.',
    remedy: 'Write it by `cosign trusted-root create`.',
  });
}

/** The text of a DER UTF8String; these extensions have no other form. */
function utf8String(value: Uint8Array): string {
  const [tag, length = 0] = value;
  if (tag !== 0x0c) return '';
  // From 128 bytes on the length itself has a length.
  const start = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return new TextDecoder().decode(value.subarray(start));
}
