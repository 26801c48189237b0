import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity } from '@sigstore/verify';
import { parseStatement, type Statement, statementType } from './Statement.ts';
import { signedByIdentity, type TrustedIdentity } from './signedByIdentity.ts';
import { signedByKey } from './signedByKey.ts';

/** Whose signatures count. */
export interface Trust {
  /** Public keys, PEM; several while one follows another. */
  readonly keys: readonly string[];
  /** Jobs that sign without a key. */
  readonly identity?: TrustedIdentity | undefined;
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
export function verifyStatement(bundle: unknown, { keys, identity }: Trust): Statement {
  const read = readBundle(bundle);
  const entity = readEntity(read);
  const why =
    entity.key.$case === 'public-key'
      ? signedByKey(entity, keys)
      : identity === undefined
        ? 'it is signed by a job, and only keys are trusted here'
        : signedByIdentity(entity, identity);
  if (why !== undefined) throw new Untrusted(why);
  const { payload, payloadType } = read.content.dsseEnvelope;
  const statement = payloadType === statementType ? parseStatement(payload) : undefined;
  if (statement === undefined) throw new Untrusted('what is signed is no statement');
  return statement;
}

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

/** Certificates and timestamps are parsed here; they come from the registry like the rest. */
function readEntity(bundle: ReturnType<typeof readBundle>) {
  try {
    return toSignedEntity(bundle);
  } catch {
    throw new Untrusted('its certificate or timestamp cannot be read');
  }
}
