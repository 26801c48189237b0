import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Signer } from '@sigstore/sign';
import { Failure } from '../failure/Failure.ts';

/**
 * Signs by a key that is kept as a secret.
 *
 * @param pem an ECDSA key on P-256, as `openssl ecparam -name prime256v1 -genkey` makes it
 * @throws {Failure} when it is another key, or none
 */
export function keySigner(pem: string): Signer {
  const key = readKey(pem);
  const publicKey = createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
  return {
    sign: async (data) => ({
      signature: sign('sha256', data, key),
      // Without a hint: it would become the signature's keyid, and cosign refuses one that it does not know.
      key: { $case: 'publicKey', publicKey },
    }),
  };
}

/** The public half of it, PEM. */
export function publicKeyOf(pem: string): string {
  return createPublicKey(readKey(pem)).export({ format: 'pem', type: 'spki' }).toString();
}

function readKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL's words may quote the key.
    throw new Failure({ what: 'The signing key is not a private key in PEM.', remedy });
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ec' && curve === 'prime256v1') return key;
  throw new Failure({
    what: 'The signing key is not an ECDSA key on P-256.',
    why: `It is one of ${[key.asymmetricKeyType, curve].filter(Boolean).join(' on ')}.`,
    remedy,
  });
}

const remedy =
  'Make one by `openssl ecparam -name prime256v1 -genkey -noout`, and keep it as a secret.';
