import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { duration, text } from '../../../../shared/action/parsers.ts';
import type { Mode } from '../modes/Mode.ts';
import type { Verification, Wanted } from './Verification.ts';

/** Long enough for most programs to show what they do wrong, short enough to wait for. */
const usualMs = 30_000;
const longestMs = 6 * 3_600_000;

/** Reads what has to hold after a rollout; the reader of YAML is loaded only where it is wanted. */
export async function readVerification(
  reader: InputReader,
  mode: Mode,
  workspace: string,
): Promise<Verification | undefined> {
  const wanted = await reader.optional('verify', async (given): Promise<readonly Wanted[]> => {
    const { readVerify } = await import('./readVerify.ts');
    return readVerify(workspace)(given);
  });
  const soakMs = (await reader.optional('soak', soak)) ?? usualMs;
  const prometheusToken = await reader.secret('prometheus-token', text);
  const given = ['verify', 'soak', 'prometheus-token'].filter((name) => reader.has(name));
  for (const name of mode === 'deploy' || reader.isWrong('mode') ? [] : given) {
    reader.conflict(
      `Input ${name}: it means nothing with \`mode: ${mode}\`.`,
      'Take it out, or set `mode: deploy`.',
    );
  }
  if (!given.includes('verify') && given.includes('soak')) {
    reader.conflict(
      'Input soak: there is nothing to verify.',
      'Give `verify`; how long all has to stay ready is `settle`.',
    );
  }
  return wanted && wanted.length > 0 ? { wanted, soakMs, prometheusToken } : undefined;
}

const soak: Parse<number> = async (given) => {
  const milliseconds = await duration(given);
  if (milliseconds <= longestMs) return milliseconds;
  throw new InputProblem('is longer than 6h, which a job has', 'Write 10m, for example.');
};
