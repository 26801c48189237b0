import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type SignedEntity, type Signer, toTrustMaterial, Verifier } from '@sigstore/verify';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';

/** Who may sign without a key. */
export type TrustedIdentity = {
  /** Authorities for certificates and times, as `cosign trusted-root create` writes them (JSON). */
  readonly trustedRoot: unknown;
  /** Of the job's tokens: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
} & (TrustedJobs | TrustedWorkflow);

/** Jobs of a branch: what their certificates have to say of them. */
export interface TrustedJobs {
  /** `https://github.com/acme/web`. */
  readonly repositoryUrl: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  /** Events that only those start who may write to the repository. */
  readonly triggers: readonly string[];
}

/** Events that only those start who may write to the repository, and on its own branch. */
export const ownTriggers = [
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
] as const;

/** One workflow, as the certificate names it. */
export interface TrustedWorkflow {
  /** `https://github.com/acme/web/.github/workflows/build.yml@refs/heads/main`. */
  readonly name: string;
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
  trusted: TrustedIdentity,
): string | undefined {
  const root = readTrustedRoot(trusted.trustedRoot);
  const thresholds = {
    timestampThreshold: 1,
    // Where the root names logs of certificates, one has to have it. Of the signature itself a
    // timestamp is enough: who signed when is all that is asked here.
    ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
    tlogThreshold: 0,
  };
  let said: Map<string, string>;
  try {
    said = whatItSays(new Verifier(toTrustMaterial(root), thresholds).verify(entity).identity);
  } catch (error) {
    return `its certificate does not hold (${oneLine(error instanceof Error ? error.message : '')})`;
  }
  for (const [name, allowed] of Object.entries(wantedOf(trusted))) {
    const found = said.get(name) ?? 'nothing';
    if (!allowed.includes(found)) {
      return `it is signed by a job of which the ${name} is ${oneLine(found)}, not ${allowed.join(' or ')}`;
    }
  }
  return undefined;
}

function wantedOf(trusted: TrustedIdentity): Record<string, readonly string[]> {
  const issuer = [trusted.issuer];
  if ('name' in trusted) return { issuer, name: [trusted.name] };
  const { repositoryUrl, ref, triggers } = trusted;
  return { issuer, repositoryUrl: [repositoryUrl], ref: [ref], trigger: triggers };
}

function whatItSays(identity: Signer['identity']): Map<string, string> {
  const extensions = new Map(
    (identity?.oids ?? []).map(({ oid, value }) => [(oid?.id ?? []).join('.'), utf8String(value)]),
  );
  const said = Object.entries(oids).flatMap(([name, oid]): [string, string][] => {
    const value = extensions.get(oid);
    return value === undefined ? [] : [[name, value]];
  });
  const name = identity?.subjectAlternativeName;
  return new Map([...said, ...(name === undefined ? [] : [['name', name] as const])]);
}

/** @throws {Failure} when it is none, or names nobody */
export function readTrustedRoot(json: unknown): TrustedRoot {
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
