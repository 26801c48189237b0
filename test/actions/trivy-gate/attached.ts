import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { listReferrers } from '../../../shared/oci/listReferrers.ts';
import { parseDigest, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';

/** What is attached to the digest. */
export async function attached(image: string): Promise<readonly unknown[]> {
  const client = new RegistryClient({
    http: httpClient({ env: {}, log: silent }),
    credentialFor: async () => undefined,
  });
  const reference = parseReference(image);
  const subject = pin(reference, parseDigest(reference.digest ?? ''));
  return (await listReferrers(client, subject)).manifests;
}
