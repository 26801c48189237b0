import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { resolveDigest } from '../../../shared/oci/resolveDigest.ts';
import { cacheRoot, provideTool } from '../../../shared/tools/provideTool.ts';
import { fetchDatabase } from '../../../shared/trivy/fetchDatabase.ts';
import { inspectTarget } from '../../../shared/trivy/inspectTarget.ts';
import type { Trivy } from '../../../shared/trivy/runTrivy.ts';
import type { Gap, Inspection } from '../../../shared/verdict/Inspection.ts';
import { databaseFact, tagFact } from './facts.ts';
import type { Inputs } from './inputs.ts';
import { registryClient } from './registryClient.ts';

/** What was seen, and where Trivy's own report of it lies, when there is one. */
export interface Seen {
  readonly inspection: Inspection;
  readonly reportPath: string | undefined;
}

/**
 * Scans the image. Whatever keeps it from being seen becomes a gap of the inspection; only a
 * cancellation, and a defect of ours, is thrown.
 */
export async function inspectImage(inputs: Inputs, runner: Runner): Promise<Seen> {
  const { env, log, signal, tempDir } = runner;
  const registry = registryClient(runner);
  const patience = { until: Date.now() + inputs.timeoutMs, log, signal };
  const folder = join(cacheRoot(env), 'trivy-db');
  const [image, database, tool] = await Promise.allSettled([
    resolveDigest(inputs.image, registry),
    fetchDatabase(inputs.databases, { registry, folder, patience }),
    provideTool('trivy', runner),
  ]);
  signal.throwIfAborted();
  if (image.status === 'fulfilled') runner.output('digest', image.value.digest);
  const name = formatReference(image.status === 'fulfilled' ? image.value : inputs.image);
  if (image.status === 'rejected' || database.status === 'rejected' || tool.status === 'rejected') {
    return unseen(name, [image, tool, database].flatMap(gapOf));
  }
  const trivy: Trivy = { ...runner, ...tool.value, timeoutMs: inputs.timeoutMs };
  try {
    const { inspection, reports } = await inspectTarget(
      { kind: 'image', image: image.value },
      {
        ...{ trivy, registry, tempDir, database: database.value },
        keepIn: await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), 'trivy-gate-')),
      },
    );
    const facts = [
      ...tagFact(inputs.image, image.value),
      ...inspection.facts,
      databaseFact(database.value.source, database.value.updatedAt),
    ];
    return { reportPath: reports[0], inspection: { ...inspection, facts } };
  } catch (error) {
    signal.throwIfAborted();
    return unseen(name, gapOf({ status: 'rejected', reason: error }));
  }
}

function unseen(subject: string, gaps: readonly Gap[]): Seen {
  return {
    reportPath: undefined,
    inspection: { subject, findings: [], gaps, notices: [], facts: [] },
  };
}

/** @throws what is no Failure: a defect of ours is not to be told as a gap */
function gapOf(result: PromiseSettledResult<unknown>): Gap[] {
  if (result.status === 'fulfilled') return [];
  if (result.reason instanceof Failure) return [result.reason];
  throw result.reason;
}
