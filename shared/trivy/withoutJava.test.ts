import { expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import { fixture } from './fixtures/fixture.ts';
import { parseReport } from './parseReport.ts';
import type { ScanOptions } from './ScanOptions.ts';
import { withoutJava } from './withoutJava.ts';

const scanned = { report: parseReport(fixture('folder')), asides: { gaps: [], notices: [] } };
const wantsJava = new Failure({
  what: 'Trivy could not scan the image.',
  details: 'FATAL\tFatal error\trun error: Unable to initialize the Java DB: Java DB update failed',
});

/** Scans by a Trivy that first throws `error`. */
async function scan(error: Error | undefined, options?: ScanOptions) {
  const plans: { options?: ScanOptions | undefined }[] = [];
  const result = await withoutJava({ options }, async (plan) => {
    plans.push(plan);
    if (plans.length === 1 && error !== undefined) throw error;
    return scanned;
  });
  return { plans, gaps: result.asides.gaps.map(({ what }) => what) };
}

it('scans once where all is well', async () => {
  const { plans, gaps } = await scan(undefined);
  expect(plans).toHaveLength(1);
  expect(gaps).toEqual([]);
});

it('sees the rest where Trivy wants its Java database, and says what it did not see', async () => {
  const { plans, gaps } = await scan(wantsJava, { skipFiles: ['x'] });
  expect(plans[1]?.options?.skipFiles).toEqual(expect.arrayContaining(['x', '**/*.jar']));
  expect(gaps).toEqual(['The Java archives were not judged.']);
});

it('throws what has another cause', async () => {
  await expect(scan(new Failure({ what: 'killed' }))).rejects.toThrow('killed');
  await expect(scan(new TypeError('defect'))).rejects.toThrow(TypeError);
});
