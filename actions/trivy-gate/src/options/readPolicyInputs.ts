import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean, lines, oneOf, text } from '../../../../shared/action/parsers.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import type { Policy } from '../../../../shared/verdict/Policy.ts';
import { type Severity, severities } from '../../../../shared/verdict/Severity.ts';
import type { VexStatement } from '../../../../shared/verdict/vex/VexStatement.ts';
import type { Waiver } from '../../../../shared/verdict/Waiver.ts';

/** What decides, besides what is seen. */
export interface PolicyInputs {
  readonly policy: Policy;
  /** What evidence calls it. */
  readonly policyName: string;
  readonly waivers: readonly Waiver[];
  readonly vex: readonly VexStatement[];
}

/** Reads the policy, and what excuses from it. What is wrong, line by line, is told to the reader. */
export async function readPolicyInputs(
  reader: InputReader,
  workspace: string,
  log: Log,
): Promise<PolicyInputs> {
  const file = await reader.optional('policy', policyOf(workspace));
  const given = {
    severities: await reader.optional('severity', severityList),
    ignoreUnfixed: await reader.optional('ignore-unfixed', boolean),
    fixGraceDays: await reader.optional('fix-grace-days', amount('days')),
    endOfLife: await reader.optional('end-of-life', oneOf(['deny', 'notice'], 'a way to treat it')),
    maxDatabaseAgeHours: await reader.optional('max-database-age', amount('hours')),
  };
  for (const [name, key] of sayings) {
    if (given[key] === undefined || file?.policy[key] === undefined) continue;
    reader.conflict(
      `Inputs policy and ${name} both say it.`,
      `Leave ${name} out, or take it from the policy.`,
    );
  }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const policy: Policy = {
    severities: new Set(['CRITICAL']),
    ignoreUnfixed: false,
    ...file?.policy,
    ...said,
  };
  warnOfHoles(policy.severities, log);
  const name = await reader.optional('policy-name', text);
  return {
    policy,
    policyName: name ?? file?.name ?? 'trivy-gate',
    waivers: [
      ...((await reader.optional('waivers', filesOf(workspace, waiversOf))) ?? []),
      ...((await reader.optional('trivyignores', filesOf(workspace, ignoresOf))) ?? []),
    ],
    vex: (await reader.optional('vex', filesOf(workspace, vexOf))) ?? [],
  };
}

const sayings = [
  ['severity', 'severities'],
  ['ignore-unfixed', 'ignoreUnfixed'],
  ['fix-grace-days', 'fixGraceDays'],
  ['end-of-life', 'endOfLife'],
  ['max-database-age', 'maxDatabaseAgeHours'],
] as const;

/** A path, or the policy itself. */
function policyOf(workspace: string): Parse<{ policy: Partial<Policy>; name: string | undefined }> {
  return async (given) => {
    const { readPolicy } = await import('../../../../shared/verdict/policy/readPolicy.ts');
    const isText = /[\n{:]/.test(given.trim());
    const name = isText ? undefined : given.trim();
    const content = name === undefined ? given : await contentOf(workspace, name);
    return { policy: readPolicy(content, name ?? 'policy'), name };
  };
}

/** Files, by comma or one a line, read one after the other. */
function filesOf<T>(
  workspace: string,
  read: (content: string, file: string) => Promise<readonly T[]>,
): Parse<readonly T[]> {
  return async (given) => {
    const names = (await lines((line) => line.split(','))(given)).flat().map((name) => name.trim());
    const found: T[] = [];
    for (const name of names.filter((each) => each !== '')) {
      found.push(...(await read(await contentOf(workspace, name), name)));
    }
    return found;
  };
}

async function waiversOf(content: string, file: string) {
  const { readWaivers } = await import('../../../../shared/verdict/waivers/readWaivers.ts');
  return readWaivers(content, file);
}

async function ignoresOf(content: string, file: string) {
  const { readIgnores } = await import('../../../../shared/verdict/waivers/readIgnores.ts');
  return readIgnores(content, file);
}

async function vexOf(content: string, file: string) {
  const { readVex } = await import('../../../../shared/verdict/vex/readVex.ts');
  return readVex(content, file);
}

async function contentOf(workspace: string, name: string): Promise<string> {
  try {
    return await readFile(resolve(workspace, name), 'utf8');
  } catch {
    throw new InputProblem(
      `the file ${name} cannot be read`,
      'Write a path of the workspace, and check that a checkout ran before this step.',
    );
  }
}

/** A number of days or hours, 0 included. */
function amount(unit: string): Parse<number> {
  return (given) => {
    const value = Number(given.trim());
    if (Number.isFinite(value) && value >= 0) return value;
    throw new InputProblem(`is not a number of ${unit}`, 'Write 30, for example.');
  };
}

/** Severities by comma or line, in any case. */
const severityList: Parse<ReadonlySet<Severity>> = async (given) => {
  const parse = oneOf(severities, 'a severity');
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0)
    throw new InputProblem('names no severity', 'Write CRITICAL, for example.');
  return new Set(await Promise.all(words.map((word) => parse(word.toUpperCase()))));
};

/** `severity: HIGH` is often meant as "HIGH and worse", and would let every CRITICAL one pass. */
function warnOfHoles(chosen: ReadonlySet<Severity>, log: Log): void {
  const rated = severities.filter((severity) => severity !== 'UNKNOWN');
  const least = rated.findLastIndex((severity) => chosen.has(severity));
  const missing = rated.slice(0, Math.max(0, least)).filter((severity) => !chosen.has(severity));
  if (missing.length > 0) {
    log.warning(
      `Input severity: findings of ${missing.join(' and ')} do not count, though less severe ones do. Add ${missing.join(', ')} if they should.`,
    );
  }
}
