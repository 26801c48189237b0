import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean } from '../../../../shared/action/parsers.ts';
import { address, signingKey } from '../../../../shared/action/signingParsers.ts';
import type { SigningInputs } from '../../../../shared/evidence/planSigning.ts';

/** What is kept of a deploy, and by whom it is signed. */
export interface RecordInputs {
  readonly record: boolean;
  /** Of GitHub's, to which a deployment is told. */
  readonly environment: string | undefined;
  readonly signing: SigningInputs;
}

export async function readRecordInputs(reader: InputReader): Promise<RecordInputs> {
  return {
    record: await reader.required('record', boolean),
    environment: await reader.optional('environment', environment),
    signing: {
      attest: 'auto',
      key: await reader.secret('signing-key', signingKey),
      fulcioUrl: await reader.optional('fulcio-url', address),
      timestampUrl: await reader.optional('timestamp-url', address),
    },
  };
}

/** GitHub takes as much for an artifact's record, and twice that for a deployment. */
const longest = 128;

const environment: Parse<string> = (given) => {
  const name = given.trim();
  if (name.length <= longest && !/[\n\r]/.test(name)) return name;
  throw new InputProblem(
    'is not the name of an environment',
    `Write one line of at most ${longest} characters.`,
  );
};
