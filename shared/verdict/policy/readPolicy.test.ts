import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../../test/lab/fixtures/hostileText.ts';
import { readPolicy } from './readPolicy.ts';

function problemsOf(text: string): string[] {
  try {
    readPolicy(text, 'policy.yaml');
  } catch (error) {
    return (error as AggregateError).errors.map(({ message }) => message);
  }
  return [];
}

it('reads all that a policy can say', () => {
  const policy = readPolicy(
    `
$schema: ./policy.schema.json
severities: [CRITICAL, HIGH]
ignore-unfixed: true
kinds: [vulnerability, secret]
fix-grace-days: 14
end-of-life: deny
deny-packages:
  - name: left-pad
    reason: not cared for
deny-licenses: [GPL-3.0-only, AGPL-*, LicenseRef-acme]
kev: {file: kev.json, max-age-days: 7}
epss: {file: epss.csv.gz, at-least: 0.5, max-age-days: 2}
max-database-age-hours: 48
never-waive: [CVE-2021-44228, GHSA-*]
`,
    'policy.yaml',
  );
  expect(policy).toEqual({
    severities: new Set(['CRITICAL', 'HIGH']),
    ignoreUnfixed: true,
    kinds: new Set(['vulnerability', 'secret']),
    fixGraceDays: 14,
    endOfLife: 'deny',
    denyPackages: [{ name: 'left-pad', reason: 'not cared for' }],
    denyLicenses: ['GPL-3.0-only', 'AGPL-*', 'LicenseRef-acme'],
    kev: { file: 'kev.json', maxAgeDays: 7 },
    epss: { file: 'epss.csv.gz', maxAgeDays: 2, atLeast: 0.5 },
    maxDatabaseAgeHours: 48,
    neverWaive: ['CVE-2021-44228', 'GHSA-*'],
  });
});

it('leaves out what is not said, so that inputs can say it', () => {
  expect(readPolicy('', 'policy.yaml')).toEqual({});
  expect(Object.keys(readPolicy('fix-grace-days: 0', 'policy.yaml'))).toEqual(['fixGraceDays']);
});

describe('what is wrong', () => {
  it.each([
    [
      'severities: [HIGH, Low]',
      '1:20: severities[1]: "Low" is not one of CRITICAL, HIGH, MEDIUM, LOW, UNKNOWN. Did you mean LOW?',
    ],
    ['severities: []', '1:1: severities: is empty, so nothing would count (given: a list).'],
    ['severities: HIGH', '1:1: severities: is not a list (given: "HIGH").'],
    ['ignore-unfixed: yes', '1:1: ignore-unfixed: is not true or false (given: "yes").'],
    ['fix-grace-days: -1', '1:1: fix-grace-days: is less than 0 (given: -1).'],
    ['fix-grace-days: .inf', '1:1: fix-grace-days: is no finite number (given: Infinity).'],
    [
      'deny-packages: [{reason: x}]',
      '1:17: deny-packages[0]: names no package: write name, purl, or both (given: a mapping).',
    ],
    ['deny-packages: [{name: x}]', '1:17: deny-packages[0]: reason is missing.'],
    [
      'deny-packages: [{purl: x, reason: y}]',
      '1:18: deny-packages[0].purl: is no package URL (pkg:type/name@version) (given: "x").',
    ],
    [
      'deny-licenses: [GPL-3]',
      '1:17: deny-licenses[0]: is no SPDX id; did you mean GPL-3.0? (given: "GPL-3").',
    ],
    ['kev: {file: a}', '1:1: kev: max-age-days is missing.'],
    [
      'epss: {file: a, max-age-days: 1, at-least: 50}',
      '1:34: epss.at-least: is more than 1 (given: 50).',
    ],
    ['never-waive: [" "]', '1:15: never-waive[0]: is empty (given: " ").'],
    ['severities: [HIGH]\nseverities: [LOW]', '2:1: it is not YAML: Map keys must be unique.'],
  ])('%s', (text, problem) => {
    expect(problemsOf(text)).toEqual([`policy.yaml:${problem}`]);
  });

  it('is told of an unknown key with the nearest', () => {
    expect(problemsOf('# ours\nfix-grace-day: 3\n')).toEqual([
      expect.stringMatching(
        /^policy\.yaml:2:1: fix-grace-day: there is no such key\. Did you mean fix-grace-days\?/,
      ),
    ]);
  });
});

it('hostile texts are told in one line, or are only text', () => {
  for (const { text } of hostileText) {
    for (const document of [
      text,
      `never-waive: [${JSON.stringify(text)}]`,
      JSON.stringify({ [text]: 1 }),
    ]) {
      for (const message of problemsOf(document)) expect(message).not.toMatch(/\p{Cc}/u);
    }
  }
});
