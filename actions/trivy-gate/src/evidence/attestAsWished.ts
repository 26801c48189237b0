import { planSigning } from '../../../../shared/evidence/planSigning.ts';
import { type SignerEffects, signerOf } from '../../../../shared/evidence/signerOf.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { Denied } from '../../../../shared/oci/explainRefusal.ts';
import type { Patience } from '../../../../shared/oci/patiently.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { Attachments, Attested } from './attestVerdict.ts';
import type { EvidenceInputs } from './readEvidenceInputs.ts';

export interface AttestEffects extends SignerEffects {
  readonly client: RegistryClient;
  readonly log: Log;
  readonly patience: Patience;
}

/** What was attached; or what the step fails by, once its verdict is told. */
export interface Attestation {
  readonly attached?: Attachments | undefined;
  readonly failure?: Failure | undefined;
}

/**
 * Attaches evidence as far as it is wished and possible. What keeps it from that is said: as a failure
 * where it was asked for, else in the log (nobody to sign), as a notice (no right) or a warning (trouble).
 *
 * @param what as `whatToAttest` decides
 */
export async function attestAsWished(
  inputs: EvidenceInputs,
  what: Attested | undefined,
  effects: AttestEffects,
): Promise<Attestation> {
  const { log, client, patience, identityToken } = effects;
  if (inputs.attest === 'false') return {};
  if (what === undefined) {
    log.info('No evidence is attached: an incomplete verdict claims nothing.');
    return {};
  }
  const plan = planSigning(inputs, identityToken !== undefined);
  if (plan.by === 'nobody') {
    const { why, remedy } = plan;
    if (inputs.attest === 'auto') {
      log.info(`No evidence is attached to ${formatReference(what.subject)}: ${why}. ${remedy}`);
      return {};
    }
    return { failure: new Failure({ what: 'No evidence can be attached.', why, remedy }) };
  }
  try {
    // What signs is half a megabyte, and most gates sign nothing.
    const { attestVerdict } = await import('./attestVerdict.ts');
    const signer = await signerOf(plan, effects);
    const attached = await attestVerdict(what, client, signer, patience);
    log.info(`Attached the verdict to ${formatReference(what.subject)} as ${attached.verdict}.`);
    return { attached };
  } catch (error) {
    patience.signal?.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    if (inputs.attest === 'true') return { failure: error };
    const said = `No evidence is attached to ${formatReference(what.subject)}. ${oneLine(error.message, 500)}`;
    if (error instanceof Denied) log.notice(said);
    else log.warning(said);
    return {};
  }
}
