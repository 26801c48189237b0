import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { jobIssuer } from '../../../../shared/action/jobIssuer.ts';
import { duration, text } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { jsonFile, publicKeys } from '../../../../shared/action/signingParsers.ts';
import type { Trust } from '../../../../shared/evidence/verifyStatement.ts';

/** What every image has to show before it runs. */
export interface RequiredEvidence {
  /** A policy's name, its URI, or its digest. */
  readonly policy: string;
  readonly trust: Trust;
  readonly maxAgeMs: number | undefined;
}

const others = [
  'evidence-key',
  'evidence-identity',
  'evidence-issuer',
  'evidence-max-age',
  'trusted-root',
] as const;

/** Reads of which policy images need a verdict, and whose counts. */
export async function readEvidenceInputs(
  reader: InputReader,
  workspace: string,
  env: Runner['env'],
): Promise<RequiredEvidence | undefined> {
  const policy = await reader.optional('require-evidence', text);
  // Whoever pastes the wrong half of the key must not read it in a message.
  const keys = (await reader.confidential('evidence-key', publicKeys)) ?? [];
  const name = await reader.optional('evidence-identity', text);
  const issuer = await reader.optional('evidence-issuer', text);
  const maxAgeMs = await reader.optional('evidence-max-age', age);
  const trustedRoot = await reader.optional('trusted-root', rootFile(workspace));
  if (!reader.has('require-evidence')) {
    // A variable that is not set would otherwise switch the check off without a word.
    for (const one of others.filter((other) => reader.has(other))) {
      reader.conflict(
        `Input ${one} is given without require-evidence.`,
        'Name the policy of which each image needs a verdict in `require-evidence`, or take it out.',
      );
    }
    return undefined;
  }
  if (!reader.has('evidence-key') && !reader.has('evidence-identity')) {
    reader.conflict(
      'Input require-evidence is given, and nobody is named whose verdicts count.',
      'Give `evidence-key`, or `evidence-identity` and `trusted-root` where a workflow signs without a key.',
    );
  }
  if (reader.has('evidence-identity') !== reader.has('trusted-root')) {
    const [given, missing] = reader.has('trusted-root')
      ? ['trusted-root', 'evidence-identity']
      : ['evidence-identity', 'trusted-root'];
    reader.conflict(
      `Input ${given} is given without ${missing}.`,
      'Give both: the workflow that signs, and the file that names the authorities for its certificates.',
    );
  }
  if (reader.has('evidence-issuer') && !reader.has('evidence-identity')) {
    reader.conflict(
      'Input evidence-issuer is given without evidence-identity.',
      'Add the workflow that signs, or take it out.',
    );
  }
  if (policy === undefined) return undefined;
  const identity =
    name === undefined ? undefined : { trustedRoot, name, issuer: issuer ?? jobIssuer(env) };
  return { policy, trust: { keys, identity }, maxAgeMs };
}

const age: Parse<number> = async (given) => {
  const milliseconds = await duration(given);
  if (milliseconds > 0) return milliseconds;
  throw new InputProblem('lets no verdict count', 'Write 30d, for example.');
};

function rootFile(workspace: string): Parse<unknown> {
  const read = jsonFile(workspace);
  return async (given) => {
    const root = await read(given);
    const { readTrustedRoot } = await import('../../../../shared/evidence/signedByIdentity.ts');
    try {
      readTrustedRoot(root);
    } catch {
      throw new InputProblem(
        'names no certificate authority, or no timestamp authority',
        'Write it by `cosign trusted-root create`.',
      );
    }
    return root;
  };
}
