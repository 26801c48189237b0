import { InputReader } from '../../../shared/action/InputReader.ts';
import { type Login, readLogin } from '../../../shared/action/login/readLogin.ts';
import { oneOf, text, timeout } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import { parseBaseline, type WantedBaseline } from './baseline/parseBaseline.ts';
import { type EvidenceInputs, readEvidenceInputs } from './evidence/readEvidenceInputs.ts';
import { checkTogether } from './options/checkTogether.ts';
import { type PolicyInputs, readPolicyInputs } from './options/readPolicyInputs.ts';
import { type ReportInputs, readReportInputs } from './options/readReportInputs.ts';
import { readScanInputs, type ScanInputs } from './options/readScanInputs.ts';
import { readTarget, type Wanted } from './options/readTarget.ts';
import { warnForeignInputs } from './options/warnForeignInputs.ts';
import { checkRunning, type RunningTarget } from './running/RunningTarget.ts';

/** What is judged as one. */
export type Single = Exclude<Wanted, RunningTarget>;

/** What a verdict other than a pass does to the step; it never changes the verdict. */
export type Consequence = 'fail' | 'warn';

export interface Inputs<Target extends Wanted = Wanted> {
  readonly target: Target;
  readonly scan: ScanInputs;
  readonly decide: PolicyInputs;
  readonly baseline: WantedBaseline | undefined;
  readonly evidence: EvidenceInputs;
  readonly reports: ReportInputs;
  readonly login: Login;
  readonly timeoutMs: number;
  readonly onViolation: Consequence;
  readonly onIncomplete: Consequence;
  /** Tells the legs of a matrix apart. */
  readonly leg: string | undefined;
}

/**
 * Reads the inputs; all that is wrong with any of them, and with the files that they name, is told at
 * once.
 *
 * @throws {AggregateError} of one Failure a problem
 */
export async function readInputs(runner: Runner): Promise<Readonly<Inputs>> {
  const { env, log, mask } = runner;
  const workspace = env.GITHUB_WORKSPACE ?? '.';
  const reader = new InputReader(env, mask);
  const consequence = oneOf(['fail', 'warn'] as const, 'what a verdict can do');
  const target = await readTarget(reader, workspace);
  const baseline = await reader.optional('baseline', parseBaseline);
  const inputs: Inputs = {
    target,
    scan: await readScanInputs(reader, workspace),
    decide: await readPolicyInputs(reader, workspace, log),
    baseline,
    evidence: await readEvidenceInputs(reader, workspace),
    reports: await readReportInputs(reader, workspace),
    login: await readLogin(reader, hostsOf(target, baseline), runner),
    timeoutMs: await reader.required('timeout', timeout),
    onViolation: await reader.required('on-violation', consequence),
    onIncomplete: await reader.required('on-incomplete', consequence),
    leg: await reader.optional('matrix', text),
  };
  checkRunning(reader, target, inputs.reports);
  checkTogether(reader, target, inputs.scan.scanners, inputs.evidence, log);
  warnForeignInputs(reader, log);
  warnUnknownInputs(reader, log);
  reader.finish();
  return Object.freeze(inputs);
}

/** The registries of what is judged, and of what it is compared with. */
function hostsOf(target: Wanted, baseline: WantedBaseline | undefined): string[] {
  if (target.kind === 'running') return [...target.registries];
  // A name that is wrong is told by itself.
  const image = target.kind === 'image' ? target.image : undefined;
  const compared =
    baseline?.kind === 'image'
      ? baseline.reference
      : baseline?.kind === 'branch'
        ? baseline.repository
        : undefined;
  return [image, compared].flatMap((reference) => reference?.registry ?? []);
}
