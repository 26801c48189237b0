import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Failure } from '../failure/Failure.ts';
import { whileAlone } from '../process/whileAlone.ts';
import { checkReport, parseDocument } from './parseReport.ts';
import { type Asides, TrivyLog } from './readTrivyLog.ts';
import { redactReport } from './redactReport.ts';
import { limits, runTrivy, type Trivy, writeBlankFiles } from './runTrivy.ts';
import type { ScanOptions } from './ScanOptions.ts';
import { sizeInBytes } from './sizeInBytes.ts';
import type { Scannable } from './Target.ts';
import type { TrivyReport } from './TrivyReport.ts';
import { type ScanPlan, scanArgs } from './trivyArgs.ts';
import { writeReport } from './writeReport.ts';

export interface Scanned {
  readonly report: TrivyReport;
  readonly asides: Asides;
}

/** How one thing is called in `Trivy could not scan …`. */
const nouns: Readonly<Record<Scannable['kind'], string>> = {
  image: 'the image',
  archive: 'the image',
  layout: 'the image',
  filesystem: 'the folder',
  repository: 'the repository',
  config: 'the configuration',
  sbom: 'the SBOM',
};

/**
 * Scans one thing once and reads the report. The exit code alone says nothing: it has to be 0 **and**
 * the report has to be whole.
 *
 * @throws {Failure} when either is not so
 */
export async function scanTarget(
  trivy: Trivy,
  plan: Pick<ScanPlan, 'target' | 'scanners' | 'options' | 'cacheDir' | 'output'>,
): Promise<Scanned> {
  const log = new TrivyLog();
  const blank = await writeBlankFiles(trivy.tempDir);
  await whileAlone(plan.cacheDir, (keepLayers) =>
    runTrivy(
      bounded(trivy, plan.options),
      `scan ${nouns[plan.target.kind]}`,
      scanArgs({ ...plan, ...limits(trivy), blank, keepLayers }),
      (line) => log.read(line),
    ),
  );
  const report = await readReport(plan.output);
  return { report, asides: log.asides() };
}

const slackBytes = 256 * 1024 ** 2;

/**
 * To see how large an image is, Trivy unpacks it, and looks at the size of a layer only when all of it
 * is on the disk; each file that it looks into then lies there a second time.
 */
function bounded(trivy: Trivy, options: ScanOptions = {}): Trivy {
  const largest = sizeInBytes(options.maxImageSize ?? '');
  return largest === undefined ? trivy : { ...trivy, mostScratchBytes: 2 * largest + slackBytes };
}

/**
 * Reads a report, and takes out of the file what must not leave the step.
 *
 * @throws {Failure} when it is not a whole report
 */
export async function readReport(path: string, kept: string = path): Promise<TrivyReport> {
  const document = parseDocument(readWhole(path));
  const report = checkReport(document);
  redactReport(document);
  // A report appears whole or not at all.
  await writeReport(document as object, `${kept}.part`);
  await rename(`${kept}.part`, kept);
  return report;
}

/** Not in pieces that are put together: that takes three times the memory of a large report. */
function readWhole(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Failure({
      what: 'There is no report of Trivy that can be read.',
      why: cause instanceof Error ? cause.message : undefined,
      remedy: 'Run the step again; a full disk can be the cause.',
      cause,
    });
  }
}
