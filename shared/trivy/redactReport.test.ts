import { describe, expect, it } from '@jest/globals';
import { type FixtureName, fixture } from './fixtures/fixture.ts';
import { parseReport } from './parseReport.ts';
import { redactReport, removed } from './redactReport.ts';
import { toFindings } from './toFindings.ts';

function redacted(name: FixtureName): string {
  const document: unknown = JSON.parse(fixture(name));
  redactReport(document);
  return JSON.stringify(document);
}

describe('a report that leaves the step', () => {
  it.each<FixtureName>(['imageOfAllKinds', 'folder'])('%s has no text of files', (name) => {
    expect(fixture(name)).toMatch(/\*{10}/);
    expect(redacted(name)).not.toMatch(/\*{10}|not-a-real-token|"Content"/);
  });

  it('names the variables of the image, and none of their values', () => {
    expect(redacted('imageOfAllKinds')).toContain(
      `"Env":["PATH=${removed}","API_TOKEN=${removed}"]`,
    );
  });

  it('has the history, unless a secret was found in the configuration that holds it', () => {
    expect(redacted('layers')).toContain('"created_by":"COPY app /app # buildkit"');
    expect(redacted('imageOfAllKinds')).not.toContain('COPY app');
  });

  it.each<FixtureName>(['imageOfAllKinds', 'folder', 'dockerfile', 'layers', 'noLayers', 'sbom'])(
    '%s tells the same findings as before',
    (name) => {
      expect(toFindings(parseReport(redacted(name)))).toEqual(
        toFindings(parseReport(fixture(name))),
      );
    },
  );

  it.each([null, 3, [], {}, { Results: 'x', Metadata: [] }, { Results: [{ Secrets: {} }] }])(
    'that is none stays as it is: %j',
    (document) => {
      const copy = structuredClone(document);
      redactReport(copy);
      expect(copy).toEqual(document);
    },
  );
});
