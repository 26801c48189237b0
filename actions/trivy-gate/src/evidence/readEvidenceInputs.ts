import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { oneOf } from '../../../../shared/action/parsers.ts';
import { address, jsonFile, signingKey } from '../../../../shared/action/signingParsers.ts';
import type { SigningInputs } from '../../../../shared/evidence/planSigning.ts';

export interface EvidenceInputs extends SigningInputs {
  readonly reuse: boolean;
  /** Authorities of signatures without a key, to check them. */
  readonly trustedRoot: unknown;
}

/** Reads what is said of evidence: who signs it, and whether a verdict of before may stand in. */
export async function readEvidenceInputs(
  reader: InputReader,
  workspace: string,
): Promise<EvidenceInputs> {
  const wishes = ['true', 'false', 'auto'] as const;
  const inputs: EvidenceInputs = {
    attest: (await reader.optional('attest', oneOf(wishes, 'a wish'))) ?? 'auto',
    reuse: (await reader.optional('reuse', oneOf(['on', 'off'], 'a way to reuse'))) === 'on',
    key: await reader.secret('signing-key', signingKey),
    fulcioUrl: await reader.optional('fulcio-url', address),
    timestampUrl: await reader.optional('timestamp-url', address),
    trustedRoot: await reader.optional('trusted-root', jsonFile(workspace)),
  };
  if (inputs.reuse && inputs.key === undefined && inputs.trustedRoot === undefined) {
    reader.conflict(
      'Input reuse is `on`, and nobody is named whose verdicts would be believed.',
      'Give `signing-key`, or `trusted-root` where jobs sign without a key.',
    );
  }
  return inputs;
}
