import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type FixtureName, fixture } from './fixtures/fixture.ts';
import { writeReport } from './writeReport.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const many = Array.from({ length: 1201 }, (_, at) => ({ ID: `${at}`, Text: '"\n\u2028' }));

it.each<[string, object]>([
  ...(['imageOfAllKinds', 'emptyFolder', 'dockerfile'] satisfies FixtureName[]).map(
    (name): [string, object] => [name, JSON.parse(fixture(name))],
  ),
  ['no results', { SchemaVersion: 2, Results: [] }],
  ['null for results', { SchemaVersion: 2, Results: null }],
  ['an empty result', { SchemaVersion: 2, Results: [{}, { Target: 'x', Packages: [] }] }],
  ['many findings', { SchemaVersion: 2, Results: [{ Target: 'x', Vulnerabilities: many }] }],
])('%s is read as it was written, by its owner alone', async (_, document) => {
  const path = join(folder, 'report.json');
  await writeReport(document, path);
  const { Results, ...rest } = document as { Results?: unknown };
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(Results === null ? rest : document);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
