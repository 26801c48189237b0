import type { Runner } from '../../../../shared/action/Runner.ts';
import { requestIdToken } from '../../../../shared/action/requestIdToken.ts';
import { deploymentStatement } from '../../../../shared/evidence/deploymentStatement.ts';
import { planSigning, type SigningInputs } from '../../../../shared/evidence/planSigning.ts';
import type { StatementSigner } from '../../../../shared/evidence/StatementSigner.ts';
import { signerOf } from '../../../../shared/evidence/signerOf.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { Denied } from '../../../../shared/oci/explainRefusal.ts';
import type { Patience } from '../../../../shared/oci/patiently.ts';
import { formatReference, type PinnedReference } from '../../../../shared/oci/Reference.ts';
import { sideBySide } from '../../../../shared/oci/sideBySide.ts';
import type { Registries } from '../evidence/openRegistries.ts';
import type { ReleaseFacts } from './ReleaseFacts.ts';

const atOnce = 4;
const patienceMs = 60_000;

/**
 * Signs where and how the images that were given were deployed, and attaches that to their digests. Without
 * a signer nothing is attached: what nobody signed is no evidence. That it cannot be done is said, and
 * fails nothing: the release runs.
 */
export async function attachRecord(
  images: readonly PinnedReference[],
  facts: ReleaseFacts,
  signing: SigningInputs,
  { client, http }: Pick<Registries, 'client' | 'http'>,
  { env, log, mask, signal }: Pick<Runner, 'env' | 'log' | 'mask' | 'signal'>,
): Promise<void> {
  if (images.length === 0) return;
  const mayAsk = env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  const plan = planSigning(signing, mayAsk);
  if (plan.by === 'nobody') {
    log.info(
      `No record of the deploy is attached to the images: ${plan.why}. Give \`signing-key\`, or \`fulcio-url\` and the permission \`id-token: write\`.`,
    );
    return;
  }
  const identityToken = mayAsk
    ? (audience: string) => requestIdToken(env, audience, { http, mask, signal })
    : undefined;
  const patience: Patience = { until: Date.now() + patienceMs, log, signal };
  // What signs is half a megabyte, and most deploys sign nothing.
  const { attachStatement } = await import('../../../../shared/evidence/attachStatement.ts');
  const { signStatement } = await import('../../../../shared/evidence/signStatement.ts');
  const signer = await signerOf(plan, { http, identityToken });
  await sideBySide(images, atOnce, async (image) => {
    try {
      const artifact = await attach(image, signer);
      log.info(`Attached the record of the deploy to ${formatReference(image)} as ${artifact}.`);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      const said = `No record of the deploy is attached to ${formatReference(image)}. ${oneLine(error.message, 500)}`;
      if (error instanceof Denied) log.notice(said);
      else log.warning(said);
    }
  });

  async function attach(image: PinnedReference, { signer: by, witnesses }: StatementSigner) {
    const statement = deploymentStatement(image, facts);
    const bundle = await signStatement(statement, by, witnesses);
    const { predicateType } = statement;
    return attachStatement(client, image, { bundle, predicateType }, patience);
  }
}
