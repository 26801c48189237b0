import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoggedIn } from '../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { PinnedReference } from '../../../shared/oci/Reference.ts';
import { type ProvidedTool, provideTool } from '../../../shared/tools/provideTool.ts';
import { inspectTarget } from '../../../shared/trivy/inspectTarget.ts';
import type { Database } from '../../../shared/trivy/provideDatabase.ts';
import type { Trivy } from '../../../shared/trivy/runTrivy.ts';
import type { Target } from '../../../shared/trivy/Target.ts';
import type { Gap, Inspection } from '../../../shared/verdict/Inspection.ts';
import type { JudgeContext } from '../../../shared/verdict/JudgeContext.ts';
import { loadSnapshots } from '../../../shared/verdict/snapshots/loadSnapshots.ts';
import { compareWith, findComparison, inspectAside } from './compare.ts';
import { databaseOf } from './databaseOf.ts';
import { databaseFact, tagFact } from './facts.ts';
import type { Gate } from './Gate.ts';
import type { Inputs, Single } from './inputs.ts';
import { judged, retold } from './judged.ts';
import { nameOf, resolveTarget, type Scanned } from './resolveTarget.ts';
import { type Seen, unseen } from './Seen.ts';

/**
 * Looks at what is to be judged, and judges it. Whatever keeps it from being seen becomes a gap of the
 * inspection; only a cancellation, and a defect of ours, is thrown.
 */
export async function look(
  inputs: Inputs<Single>,
  gate: Gate,
  login: LoggedIn,
  runner: Runner,
): Promise<Seen> {
  const startedAt = new Date();
  const { policy, waivers, vex } = inputs.decide;
  const { env } = runner;
  const read = (path: string) => readFile(resolve(env.GITHUB_WORKSPACE ?? '.', path));
  const context = { now: startedAt, waivers, vex, ...(await loadSnapshots(policy, read)) };
  const { target } = inputs;
  if (target.kind !== 'cluster') return scan(target, inputs, context, gate, login, runner);
  const { inspectReports } = await import('./cluster/inspectReports.ts');
  const needs = { severities: policy.severities, unfixed: !policy.ignoreUnfixed };
  const inspection = await inspectReports({ ...target.reports, needs }, gate.registry, runner);
  return judged(inspection, inputs, context);
}

async function scan(
  wanted: Scanned,
  inputs: Inputs,
  context: JudgeContext,
  gate: Gate,
  login: LoggedIn,
  runner: Runner,
): Promise<Seen> {
  const { evidence } = inputs;
  const tool = () => provideTool('trivy', runner);
  const [target, database, early] = await Promise.allSettled([
    resolveTarget(wanted, gate.registry),
    gate.database?.() ?? databaseOf(inputs, gate, runner),
    // Where a verdict of before may stand in, Trivy is fetched only if it does not.
    evidence.reuse ? undefined : tool(),
  ]);
  runner.signal.throwIfAborted();
  const image = target.status === 'fulfilled' ? imageOf(target.value) : undefined;
  if (image !== undefined) runner.output('digest', image.digest);
  if (
    target.status === 'rejected' ||
    database.status === 'rejected' ||
    early.status === 'rejected'
  ) {
    const gaps = [target, early, database].flatMap(gapOf);
    return judged(unseen(nameOf(wanted), gaps), inputs, context, { image });
  }
  if (database.value !== undefined) tellDatabase(database.value, context.now, runner);
  try {
    const comparison = await findComparison(inputs, image, gate, runner);
    const subject = { database: database.value, baseline: comparison?.found };
    const found = await retold(inputs, image, subject, gate, runner, context);
    if (found.seen !== undefined) return found.seen;
    const trivy = trivyOf(early.value ?? (await tool()), inputs, login, runner);
    const { scan: look } = inputs;
    const tools = {
      ...{ trivy, registry: gate.registry, tempDir: runner.tempDir, database: database.value },
      ...{ scanners: look.scanners, options: look.options },
    };
    const keepIn = await mkdtemp(join(runner.env.RUNNER_TEMP ?? tmpdir(), 'trivy-gate-'));
    const seen = await inspectTarget(target.value, { ...tools, keepIn });
    const digest = image?.digest ?? seen.digest;
    if (digest !== undefined) runner.output('digest', digest);
    const baseline = comparison && (await compareWith(comparison, image, tools, runner));
    const inspection = withFacts(seen.inspection, wanted, image, database.value, found.why);
    const { reports } = seen;
    return judged(inspection, inputs, context, {
      ...{ image, reports, trivy, baseline },
      inspect: (other) => inspectAside(other, tools, runner),
      ...found,
    });
  } catch (error) {
    runner.signal.throwIfAborted();
    const gaps = gapOf({ status: 'rejected', reason: error });
    return judged(unseen(nameOf(wanted), gaps), inputs, context, { image });
  }
}

function imageOf(target: Target): PinnedReference | undefined {
  return target.kind === 'image' ? target.image : undefined;
}

function trivyOf(
  { path }: ProvidedTool,
  { timeoutMs }: Inputs,
  login: LoggedIn,
  { env, log, secrets, signal, tempDir }: Runner,
): Trivy {
  return { path, env: { ...env, ...login.env }, log, secrets, signal, tempDir, timeoutMs };
}

function tellDatabase({ digest, updatedAt }: Database, now: Date, { output }: Runner): void {
  output('database-digest', digest);
  output('database-age', ((now.getTime() - updatedAt.getTime()) / 3_600_000).toFixed(1));
}

function withFacts(
  inspection: Inspection,
  wanted: Scanned,
  image: PinnedReference | undefined,
  database: Database | undefined,
  why: string | undefined,
): Inspection {
  return {
    ...inspection,
    facts: [
      ...(wanted.kind === 'image' && image !== undefined ? tagFact(wanted.image, image) : []),
      ...inspection.facts,
      ...(database === undefined ? [] : [databaseFact(database.source, database.updatedAt)]),
      ...(why === undefined ? [] : [{ name: 'Scanned anew', value: why }]),
    ],
  };
}

/** @throws what is no Failure: a defect of ours is not to be told as a gap */
function gapOf(result: PromiseSettledResult<unknown>): Gap[] {
  if (result.status === 'fulfilled') return [];
  if (result.reason instanceof Failure) return [result.reason];
  throw result.reason;
}
