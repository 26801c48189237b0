import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { findIncomplete } from '../../../../shared/action/login/findIncomplete.ts';
import type { GivenLogin } from '../../../../shared/action/login/RegistryLogin.ts';
import { readGivenLogin } from '../../../../shared/action/login/readLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type RecordInputs, readRecordInputs } from '../record/readRecordInputs.ts';
import { type RequiredEvidence, readEvidenceInputs } from './readEvidenceInputs.ts';

/** What has to be shown before a deploy, and what is kept of it. */
export interface ProofInputs extends RecordInputs {
  readonly evidence: RequiredEvidence | undefined;
  /** To the registries of the images; which they are is known when the release is rendered. */
  readonly registryLogin: GivenLogin;
}

/** Reads what is said of evidence, of records, and of the registries in which both are. */
export async function readProofInputs(
  reader: InputReader,
  workspace: string,
  { env }: Pick<Runner, 'env'>,
): Promise<ProofInputs> {
  const registryLogin = await readGivenLogin(reader);
  for (const { what, remedy } of findIncomplete(registryLogin)) reader.conflict(what, remedy);
  return {
    registryLogin,
    evidence: await readEvidenceInputs(reader, workspace, env),
    ...(await readRecordInputs(reader)),
  };
}
