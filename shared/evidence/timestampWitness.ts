import { createHash } from 'node:crypto';
import type { Witness } from '@sigstore/sign';
import { Failure } from '../failure/Failure.ts';
import type { Http } from '../http/request.ts';
import { plainText } from '../log/sanitize.ts';

/**
 * Lets a timestamp authority (RFC 3161) witness when something was signed.
 *
 * @param url such as `https://timestamp.sigstore.dev/api/v1/timestamp`; the path may be left out
 * @throws {Failure} by its `testify`, when it refuses
 */
export function timestampWitness({
  http,
  url,
}: {
  readonly http: Http;
  readonly url: string;
}): Witness {
  const address = new URL(url).pathname === '/' ? new URL('/api/v1/timestamp', url).href : url;
  return {
    async testify(content) {
      if (content.$case !== 'dsseEnvelope') throw new Error('Only statements are witnessed.');
      const signature = content.dsseEnvelope.signatures[0]?.sig ?? '';
      const { status, body } = await http({
        method: 'POST',
        url: address,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          artifactHash: createHash('sha256').update(signature).digest('base64'),
          hashAlgorithm: 'sha256',
        }),
        repeatable: true,
      });
      if (status !== 201 && status !== 200) {
        throw new Failure({
          what: 'The timestamp authority gave no timestamp.',
          why: `${new URL(url).host} answered ${status}.`,
          remedy: 'Run the job again; if it stays, check its address.',
          details: plainText(body.toString()).slice(0, 2000),
        });
      }
      return { rfc3161Timestamps: [{ signedTimestamp: body }] };
    },
  };
}
