import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { largestSummary, writeSummary } from './writeSummary.ts';

let path: string;
let warnings: string[];
const log = { ...silent, warning: (text: string) => void warnings.push(text) };
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'summary-')), 'summary.md');
  warnings = [];
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

describe('writeSummary', () => {
  it('appends', async () => {
    await writeSummary(path, 'a', log);
    await writeSummary(path, 'b', log);
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  });

  it('never lets the file reach the size at which the runner drops it, and says so', async () => {
    writeFileSync(path, 'x'.repeat(largestSummary - 10));
    await writeSummary(path, 'y'.repeat(1000), log);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain('y'.repeat(1000));
    expect(text).toContain('A part of this summary was left out');
    expect(text.length).toBeLessThan(1024 * 1024);
    expect(warnings).toHaveLength(1);
  });

  it('does nothing outside of a runner', async () => {
    await writeSummary(undefined, 'a', log);
    expect(warnings).toEqual([]);
  });
});
