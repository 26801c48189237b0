import { InputProblem, InputReader, type Parse } from '../../../shared/action/InputReader.ts';
import { boolean, lines, oneOf, timeout } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import { parseReference, type Reference } from '../../../shared/oci/Reference.ts';
import type { Policy } from '../../../shared/verdict/Policy.ts';
import { type Severity, severities } from '../../../shared/verdict/Severity.ts';

/** What a verdict other than a pass does to the step; it never changes the verdict. */
export type Consequence = 'fail' | 'warn';

export interface Inputs {
  readonly image: Reference;
  readonly policy: Policy;
  /** In the order in which they are tried. */
  readonly databases: readonly Reference[];
  readonly timeoutMs: number;
  readonly onViolation: Consequence;
  readonly onIncomplete: Consequence;
}

/**
 * Reads the inputs; all that is wrong with any of them is told at once.
 *
 * @throws {AggregateError} of one Failure an input
 */
export async function readInputs(runner: Runner): Promise<Readonly<Inputs>> {
  const reader = new InputReader(runner.env, runner.mask);
  const consequence = oneOf(['fail', 'warn'] as const, 'what a verdict can do');
  const inputs: Inputs = {
    image: await reader.required('image', reference),
    policy: {
      severities: await reader.required('severity', severityList),
      ignoreUnfixed: await reader.required('ignore-unfixed', boolean),
    },
    databases: await reader.required('db-repository', databaseList),
    timeoutMs: await reader.required('timeout', timeout),
    onViolation: await reader.required('on-violation', consequence),
    onIncomplete: await reader.required('on-incomplete', consequence),
  };
  warnUnknownInputs(reader, runner.log);
  reader.finish();
  warnOfHoles(inputs.policy.severities, runner);
  return Object.freeze(inputs);
}

function reference(given: string): Reference {
  try {
    return parseReference(given.trim());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `is not the name of an image: ${error.message}`,
      'Write `registry/name@sha256:…`, or `registry/name:tag`.',
    );
  }
}

const databaseList: Parse<readonly Reference[]> = async (given) => {
  const list = await lines(reference)(given);
  if (list.length > 0) return list;
  throw new InputProblem('names no repository', 'Write one a line.');
};

/** Severities by comma or line, in any case. */
const severityList: Parse<ReadonlySet<Severity>> = async (given) => {
  const parse = oneOf(severities, 'a severity');
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0)
    throw new InputProblem('names no severity', 'Write CRITICAL, for example.');
  return new Set(await Promise.all(words.map((word) => parse(word.toUpperCase()))));
};

/** `severity: HIGH` is often meant as "HIGH and worse", and would let every CRITICAL one pass. */
function warnOfHoles(chosen: ReadonlySet<Severity>, { log }: Runner): void {
  const rated = severities.filter((severity) => severity !== 'UNKNOWN');
  const least = rated.findLastIndex((severity) => chosen.has(severity));
  const missing = rated.slice(0, Math.max(0, least)).filter((severity) => !chosen.has(severity));
  if (missing.length > 0) {
    log.warning(
      `Input severity: findings of ${missing.join(' and ')} do not count, though less severe ones do. Add ${missing.join(', ')} if they should.`,
    );
  }
}
