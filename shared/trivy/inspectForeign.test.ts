import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseDigest, pin } from '../oci/Reference.ts';
import { fixture, imageOf } from './fixtures/fixture.ts';
import { inspectForeign } from './inspectForeign.ts';

const text = fixture('debianWithNode');
const image = imageOf(text);
const made = Date.parse((JSON.parse(text) as { CreatedAt: string }).CreatedAt);
const hour = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foreign-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function inspect(report: string, more: object = {}, now = made + 2 * hour) {
  const path = join(folder, 'given.json');
  writeFileSync(path, report);
  return inspectForeign({ kind: 'report', path, ...more }, { keepIn: folder, now: () => now });
}

describe('a report that was made elsewhere', () => {
  it.each<[string, string, object, number, string[]]>([
    ['young enough', text, { image, maxAgeMs: 3 * hour }, 2, []],
    ['of the same digest by another name', text, { image: { ...image, repository: 'x' } }, 2, []],
    ['too old', text, { maxAgeMs: hour }, 2, ['The report is too old: it was made at']],
    [
      'without its time',
      text.replace('"CreatedAt"', '"X"'),
      {},
      2,
      ['The report does not say when it was made.'],
    ],
    [
      'of another digest',
      text,
      { image: pin(image, parseDigest(`sha256:${'0'.repeat(64)}`)) },
      2,
      ["Trivy's report is about another image"],
    ],
    ['of the future', text, {}, -1, ['which is still to come']],
    ['in which nothing was looked at', fixture('unknownFile'), {}, 2, ['Nothing in the image']],
  ])('%s', async (_, report, more, hours, gaps) => {
    const { inspection } = await inspect(report, more, made + hours * hour);
    expect(inspection.gaps.map(({ what }) => what)).toEqual(
      gaps.map((what) => expect.stringContaining(what)),
    );
    expect(inspection.notices.at(-1)).toContain('The report was made elsewhere');
  });

  it('is kept without the text of secrets, and given as it was', async () => {
    const { reports } = await inspect(fixture('folder'));
    expect(readFileSync(reports[0] ?? '', 'utf8')).not.toContain('***');
    expect(readFileSync(join(folder, 'given.json'), 'utf8')).toContain('***');
  });

  it.each([
    ['{"SchemaVersion":3}', 'schema version 3'],
    ['{}', 'schema version undefined'],
    ['<html>', 'is not JSON'],
  ])('%s is none', async (report, said) => {
    await expect(inspect(report)).rejects.toThrow(said);
  });

  it('is told by its name when it is not there', async () => {
    const target = { kind: 'report', path: join(folder, 'none.json'), name: 'none.json' } as const;
    await expect(inspectForeign(target, { keepIn: folder })).rejects.toMatchObject({
      what: 'The report none.json is not there.',
      remedy: expect.stringContaining('the step that makes it ran before this one'),
    });
  });
});
