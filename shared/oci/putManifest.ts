import { createHash } from 'node:crypto';
import { explainDenial } from './explainDenial.ts';
import { type Digest, parseDigest, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

export interface PushedManifest {
  readonly digest: Digest;
  /**
   * Whether the registry has listed it as a referrer of its `subject`: it says so in `OCI-Subject`
   * (distribution specification 1.1, "Pushing Manifests with Subject").
   */
  readonly listed: boolean;
}

/**
 * Pushes a manifest under the reference's tag, else under its digest. The same bytes sent twice
 * change nothing, so a lost answer is asked for again.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function putManifest(
  registry: Pick<RegistryClient, 'send'>,
  reference: Reference,
  body: Uint8Array,
  mediaType: string,
): Promise<PushedManifest> {
  const digest = parseDigest(`sha256:${createHash('sha256').update(body).digest('hex')}`);
  const response = await registry.send(reference, {
    method: 'PUT',
    path: `manifests/${reference.tag ?? reference.digest ?? digest}`,
    headers: { 'content-type': mediaType },
    body,
    repeatable: true,
    access: 'pull,push',
  });
  if (response.status !== 201) throw explainDenial(reference, response, true, 'pull,push');
  return { digest, listed: response.headers['oci-subject'] !== undefined };
}
