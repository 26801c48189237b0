import { describe, expect, it } from '@jest/globals';
import { fixture } from './fixtures/fixture.ts';
import { parseReport } from './parseReport.ts';

const whole = fixture('debianWithNode');
const changed = (change: (report: Record<string, never>) => void) => {
  const report = JSON.parse(whole) as Record<string, never>;
  change(report);
  return JSON.stringify(report);
};
// biome-ignore lint/suspicious/noExplicitAny: a report is damaged here in ways its type forbids
type Damaged = any;

describe('what is no report', () => {
  it.each([
    ['nothing', '', 'Trivy wrote an empty report.'],
    ['white space', ' \n', 'Trivy wrote an empty report.'],
    ['text', 'Killed', "Trivy's report is not JSON."],
    ['a cut report', whole.slice(0, whole.length / 2), "Trivy's report is not JSON."],
    ['null', 'null', 'schema version undefined, and only 2 is known.'],
    ['a list', '[]', 'schema version undefined, and only 2 is known.'],
    ['no version', '{}', 'schema version undefined, and only 2 is known.'],
    ['a later version', '{"SchemaVersion":3}', 'schema version 3, and only 2 is known.'],
    ['the version as text', '{"SchemaVersion":"2"}', 'schema version "2", and only 2 is known.'],
    ['only the version', '{"SchemaVersion":2}', "Trivy's report is not as its schema says."],
    [
      'another kind of artifact',
      changed((report: Damaged) => {
        report.ArtifactType = 'vm';
      }),
      'ArtifactType',
    ],
    [
      'an image without its configuration',
      changed((report: Damaged) => {
        delete report.Metadata.ImageConfig;
      }),
      'ImageConfig is missing',
    ],
    [
      'results that are no list',
      changed((report: Damaged) => {
        report.Results = {};
      }),
      'Results',
    ],
    [
      'a severity that nobody knows',
      changed((report: Damaged) => {
        report.Results[0].Vulnerabilities[0].Severity = 'SEVERE';
      }),
      'Results.0.Vulnerabilities.0.Severity',
    ],
    [
      'a finding without an id',
      changed((report: Damaged) => {
        report.Results[0].Vulnerabilities[0].VulnerabilityID = '';
      }),
      'Results.0.Vulnerabilities.0.VulnerabilityID',
    ],
    [
      'a fixed version that is no text',
      changed((report: Damaged) => {
        report.Results[0].Vulnerabilities[0].FixedVersion = ['1'];
      }),
      'Results.0.Vulnerabilities.0.FixedVersion',
    ],
  ])('%s', (_, text, said) => {
    expect(() => parseReport(text)).toThrow(said);
  });
});

it('no prefix of a report is taken for one', () => {
  for (let length = 0; length < whole.trimEnd().length; length += 37) {
    expect(() => parseReport(whole.slice(0, length))).toThrow();
  }
});

it('a report may say more than we use', () => {
  const report = parseReport(
    changed((damaged: Damaged) => {
      damaged.Results[0].Novelty = { of: 'a later Trivy' };
    }),
  );
  expect(report.Results?.[0]?.Vulnerabilities).toHaveLength(2);
});
