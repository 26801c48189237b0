import { Buffer } from 'node:buffer';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Signer } from '@sigstore/sign';
import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import type { Http } from '../http/request.ts';
import { plainText } from '../log/sanitize.ts';

export interface FulcioOptions {
  readonly http: Http;
  /** Such as `https://fulcio.sigstore.dev`. */
  readonly url: string;
  /** The job's OIDC token for the audience `sigstore`. */
  readonly identityToken: () => Promise<string>;
}

const chain = v.object({ chain: v.object({ certificates: v.array(v.string()) }) });
const answer = v.union([
  v.object({ signedCertificateEmbeddedSct: chain }),
  v.object({ signedCertificateDetachedSct: chain }),
]);

/**
 * Signs without a secret: by a key that lives for one signature, whose certificate Fulcio gives to the
 * job's identity and ends after some minutes. A timestamp has to witness that it was used in that time.
 *
 * @throws {Failure} by its `sign`, when Fulcio refuses
 */
export function fulcioSigner({ http, url, identityToken }: FulcioOptions): Signer {
  return {
    async sign(data) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const token = await identityToken();
      const body = JSON.stringify({
        credentials: { oidcIdentityToken: token },
        publicKeyRequest: {
          publicKey: {
            algorithm: 'ECDSA',
            content: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
          },
          // Proves that the key is ours: the token's subject, signed.
          proofOfPossession: sign('sha256', subjectOf(token), privateKey).toString('base64'),
        },
      });
      const response = await http({
        method: 'POST',
        url: `${url.replace(/\/$/, '')}/api/v2/signingCert`,
        headers: { 'content-type': 'application/json' },
        body,
        // A second certificate for a key that is thrown away harms nobody.
        repeatable: true,
      });
      const certificate = readCertificate(response.body);
      if (certificate === undefined) {
        throw new Failure({
          what: 'The certificate authority gave no certificate for this job.',
          why: `${new URL(url).host} answered ${response.status}.`,
          remedy:
            'Check that it trusts the issuer of the job’s tokens, for the audience `sigstore`.',
          details: plainText(response.body.toString()).slice(0, 2000),
        });
      }
      return {
        signature: sign('sha256', data, privateKey),
        key: { $case: 'x509Certificate', certificate },
      };
    },
  };
}

function readCertificate(body: Buffer): string | undefined {
  try {
    const read = v.parse(answer, JSON.parse(body.toString()));
    const given =
      'signedCertificateEmbeddedSct' in read
        ? read.signedCertificateEmbeddedSct
        : read.signedCertificateDetachedSct;
    return given.chain.certificates[0];
  } catch {
    return undefined;
  }
}

/** What the token says of whom it is; Fulcio checks the token, we only repeat it. */
function subjectOf(token: string): Buffer {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return Buffer.from(String(claims.email ?? claims.sub));
  } catch {
    throw new Failure({
      what: 'The job’s OIDC token is not a token.',
      remedy: 'Run the job again; if it stays, look at the runner.',
    });
  }
}
