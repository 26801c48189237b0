import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { junit } from '../../../shared/report/junit.ts';
import { sarif } from '../../../shared/report/sarif/sarif.ts';
import type { Inputs } from './inputs.ts';
import { sarifOptions, title } from './naming.ts';
import type { Seen } from './Seen.ts';

/**
 * Writes the outputs and the files they name: before the step may fail, so that they are there in any
 * case.
 */
export async function publish(seen: Seen, inputs: Inputs, runner: Runner): Promise<void> {
  const { inspection, judgement, findings, reports, totals, counted } = seen;
  const { output } = runner;
  output('verdict', judgement.verdict.outcome);
  output('exit-reason', judgement.verdict.reason);
  output('new-findings', JSON.stringify(counted));
  output('waived', String(totals.waived));
  if (findings !== undefined) output('findings', JSON.stringify(findings));
  // One a platform; a step that reads a report wants the first, and finds the others beside it.
  if (reports[0] !== undefined) output('report', reports[0]);

  const folder = await mkdtemp(join(runner.env.RUNNER_TEMP ?? tmpdir(), 'trivy-gate-'));
  const write = async (name: string, file: string, content: string) => {
    const path = join(folder, file);
    await writeFile(path, content);
    output(name, path);
  };
  const made = sarif(inspection, judgement, { ...sarifOptions(inputs), waived: 'marked' });
  if (made.cut !== undefined) runner.log.info(made.cut);
  await write('sarif', 'results.sarif', made.text);
  await write('junit', 'junit.xml', junit(inspection, judgement, title));
  await writeSbom(seen, inputs, folder, runner);
}

async function writeSbom(
  { trivy, reports: [report] }: Seen,
  { reports: { sbom: format } }: Inputs,
  folder: string,
  { log, output, signal }: Runner,
): Promise<void> {
  if (format === undefined) return;
  if (trivy === undefined || report === undefined) {
    log.warning('No SBOM was made: there is no scan to make it of.');
    return;
  }
  const { sbomOf } = await import('../../../shared/trivy/sbomOf.ts');
  const path = join(folder, format === 'cyclonedx' ? 'bom.cdx.json' : 'bom.spdx.json');
  try {
    await sbomOf(trivy, { report, format, output: path });
    output('sbom', path);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    // The verdict does not rest on it.
    log.warning(`No SBOM was made. ${error.message}`);
  }
}
