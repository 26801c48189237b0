import { expect, it } from '@jest/globals';
import { TrivyLog } from './readTrivyLog.ts';

const at = '2026-11-25T02:33:46Z';

it.each<[string, string[], string | undefined]>([
  ['INFO\tDetected config files\tnum=1', [], undefined],
  [
    'ERROR\t[misconfig] Falling back to embedded checks\terr="failed to check cache"',
    [],
    undefined,
  ],
  ['WARN\tThird-party SBOM may lead to inaccurate vulnerability detection', [], undefined],
  ['WARN\t[npm] Unable to get the license of "x"\terr="no file"', [], undefined],
  ['DEBUG\t[fs] Analyzing...\troot="/w"', [], undefined],
  [
    'DEBUG\tWalk error\tfile_path="package-lock.json" err="parse error: invalid character \'p\'"',
    ['Trivy could not read package-lock.json, so what it holds was not judged.'],
    "parse error: invalid character 'p'",
  ],
  [
    'ERROR\t[dockerfile scanner] Failed to parse file\tfile_path="Dockerfile" err="instruction \\"frum\\""',
    ['Trivy could not read Dockerfile, so what it holds was not judged.'],
    'instruction "frum"',
  ],
  [
    'WARN\t[helm scanner] Skipping chart\tfile_path="." err="parse chart"',
    ['Trivy could not read the folder, so what it holds was not judged.'],
    'parse chart',
  ],
])('%s', (line, what, why) => {
  const log = new TrivyLog();
  log.read(`${at}\t${line}`);
  const { gaps } = log.asides();
  expect(gaps.map((gap) => gap.what)).toEqual(what);
  expect(gaps[0]?.why).toBe(why);
});

it('many files are one gap, in the order of their names, each once', () => {
  const log = new TrivyLog();
  for (const file of ['c.tf', 'a.tf', 'b.tf', 'a.tf']) {
    log.read(`${at}\tERROR\t[terraform parser] Error parsing file\tfile_path="${file}" err="no"`);
  }
  const { gaps } = log.asides();
  expect(gaps).toHaveLength(1);
  expect(gaps[0]?.what).toContain('could not read a.tf and 2 other files');
  expect(gaps[0]?.details).toBe('a.tf: no\nb.tf: no\nc.tf: no');
});

it('variables without a value are told', () => {
  const log = new TrivyLog();
  log.read(
    `${at}\tWARN\t[terraform parser] Variable values were not found in the environment\tvariables="x"`,
  );
  expect(log.asides()).toEqual({ gaps: [], notices: [expect.stringContaining('tf-vars')] });
});
