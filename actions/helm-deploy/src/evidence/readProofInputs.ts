import type { InputReader } from '../../../../shared/action/InputReader.ts';
import type { GivenLogin } from '../../../../shared/action/login/RegistryLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type RecordInputs, readRecordInputs } from '../record/readRecordInputs.ts';
import { type RequiredEvidence, readEvidenceInputs } from './readEvidenceInputs.ts';

/** What has to be shown before a deploy, and what is kept of it. */
export interface ProofInputs extends RecordInputs {
  readonly evidence: RequiredEvidence | undefined;
  /** To the registries of the images; which they are is known when the release is rendered. */
  readonly registryLogin: GivenLogin;
}

/**
 * Reads what is said of evidence and of records.
 *
 * @param registryLogin the inputs about logins, as they were read
 */
export async function readProofInputs(
  reader: InputReader,
  workspace: string,
  registryLogin: GivenLogin,
  { env }: Pick<Runner, 'env'>,
): Promise<ProofInputs> {
  return {
    registryLogin,
    evidence: await readEvidenceInputs(reader, workspace, env),
    ...(await readRecordInputs(reader)),
  };
}
