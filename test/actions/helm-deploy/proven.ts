import { attachStatement } from '../../../shared/evidence/attachStatement.ts';
import { keySigner } from '../../../shared/evidence/keySigner.ts';
import { signStatement } from '../../../shared/evidence/signStatement.ts';
import { type VerdictClaim, verdictStatement } from '../../../shared/evidence/verdictStatement.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { copyImage } from '../../../shared/oci/copyImage.ts';
import { digestOf } from '../../../shared/oci/putManifest.ts';
import { type PinnedReference, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { freshRepository } from '../../lab/buildkit/testStep.ts';
import { busybox } from './cluster.ts';

export const client = new RegistryClient({
  http: httpClient({ env: {}, log: silent }),
  credentialFor: async () => undefined,
});

/** The lab's busybox in a repository of the test's own: what is attached to a digest belongs to its repository. */
export async function ownBusybox(): Promise<PinnedReference> {
  const from = parseReference(busybox);
  const digest = (await client.manifest(from)).digest;
  const to = parseReference(`${addresses.registry}/${freshRepository('deploy')}`);
  const copied = await copyImage({
    ...{ from: pin(from, digest), to, tags: [], source: client, target: client, log: silent },
  });
  return copied.reference;
}

/** Attaches a verdict, as trivy-gate does. */
export async function attachVerdict(
  to: PinnedReference,
  key: string,
  change: Partial<VerdictClaim> = {},
): Promise<void> {
  const statement = verdictStatement({
    ...{ subject: to, verifier: 'https://x.test/gate', verifiedAt: new Date(), outcome: 'pass' },
    ...{ policy: { name: 'production', digest: digestOf('policy') }, inputs: [] },
    ...change,
  });
  const bundle = await signStatement(statement, keySigner(key));
  const { predicateType } = statement;
  const patience = { until: Date.now() + 30_000, log: silent };
  await attachStatement(client, to, { bundle, predicateType }, patience);
}
