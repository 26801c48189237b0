import { Buffer } from 'node:buffer';
import { createPublicKey } from 'node:crypto';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { type TrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify';
import { parseStatement, type Statement, statementType } from './Statement.ts';

/** Whose signatures count. */
export interface Trust {
  /** Public keys, PEM; several while one follows another. */
  readonly keys: readonly string[];
}

/** Why a signed statement counts as none. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted';
}

/**
 * Checks who signed a bundle, and gives what was signed. What it says is the caller's to judge.
 *
 * @param bundle JSON from a registry, untrusted
 * @throws {Untrusted} when it is no bundle, or nobody signed it who counts
 */
export function verifyStatement(bundle: unknown, { keys }: Trust): Statement {
  const read = readBundle(bundle);
  const entity = toSignedEntity(read);
  if (entity.key.$case !== 'public-key') throw new Untrusted('it is not signed by a key');
  const isSigned = keys.some((key) => {
    try {
      return new Verifier(trustIn(key), noWitnesses).verify(entity) !== undefined;
    } catch {
      return false;
    }
  });
  if (!isSigned) throw new Untrusted('it is signed by another key');
  const { payload, payloadType } = read.content.dsseEnvelope;
  const statement = payloadType === statementType ? parseStatement(payload) : undefined;
  if (statement === undefined) throw new Untrusted('what is signed is no statement');
  return statement;
}

/** A key of ours is trusted at any time; a log or a clock of others adds nothing to that. */
const noWitnesses = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };

function readBundle(bundle: unknown) {
  try {
    const read = bundleFromJSON(bundle);
    if (isBundleWithDsseEnvelope(read) && read.content.dsseEnvelope.signatures.length === 1) {
      return read;
    }
  } catch {
    // Told below.
  }
  throw new Untrusted('it is not a signed statement');
}

function trustIn(key: string): TrustMaterial {
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey: createPublicKey(Buffer.from(key)), validFor: () => true }),
  };
}
