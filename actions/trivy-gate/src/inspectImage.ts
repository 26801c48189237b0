import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { cacheRoot, provideTool } from '../../../shared/tools/provideTool.ts';
import { inspectReport } from '../../../shared/trivy/inspectReport.ts';
import { provideDatabase } from '../../../shared/trivy/provideDatabase.ts';
import { downloadDatabase, scanImage, type Trivy } from '../../../shared/trivy/scanImage.ts';
import type { Gap, Inspection } from '../../../shared/verdict/Inspection.ts';
import { databaseFact, tagFact } from './facts.ts';
import type { Inputs } from './inputs.ts';
import { registryClient } from './registryClient.ts';
import { type Image, resolveDatabase, resolveImage } from './resolve.ts';

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
  const registry = registryClient(runner);
  const [image, database, tool] = await Promise.allSettled([
    resolveImage(inputs.image, registry),
    resolveDatabase(inputs.databases, registry, runner.log),
    provideTool('trivy', runner),
  ]);
  runner.signal.throwIfAborted();
  if (image.status === 'fulfilled') runner.output('digest', image.value.reference.digest);
  if (image.status === 'rejected' || database.status === 'rejected' || tool.status === 'rejected') {
    return unseen(inputs, [image, tool, database].flatMap(gapOf));
  }
  const trivy: Trivy = { ...runner, ...tool.value, timeoutMs: inputs.timeoutMs };
  try {
    const { cacheDir, updatedAt } = await provideDatabase(database.value, {
      folder: join(cacheRoot(runner.env), 'trivy-db'),
      signal: runner.signal,
      download: (folder) =>
        downloadDatabase(trivy, { repository: database.value, cacheDir: folder }),
    });
    const { reference, platform } = image.value;
    const output = join(runner.tempDir, 'report.json');
    const report = await scanImage(trivy, { image: reference, platform, cacheDir, output });
    const inspection = inspectReport(report, reference);
    return {
      reportPath: await keep(output, runner),
      inspection: {
        ...inspection,
        gaps: [...inspection.gaps, ...image.value.gaps],
        facts: [
          ...tagFact(inputs.image, image.value.reference),
          ...inspection.facts,
          databaseFact(database.value, updatedAt),
        ],
      },
    };
  } catch (error) {
    runner.signal.throwIfAborted();
    return unseen(inputs, gapOf({ status: 'rejected', reason: error }), image.value);
  }
}

function unseen(inputs: Inputs, gaps: readonly Gap[], image?: Image): Seen {
  const subject = formatReference(image?.reference ?? inputs.image);
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

/** Only a report that was read and understood leaves the step's own folder. */
async function keep(path: string, { env }: Runner): Promise<string> {
  const folder = await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), 'trivy-gate-'));
  const kept = join(folder, 'report.json');
  await rename(path, kept);
  return kept;
}
