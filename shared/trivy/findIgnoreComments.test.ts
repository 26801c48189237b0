import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findIgnoreComments } from './findIgnoreComments.ts';
import { fixture } from './fixtures/fixture.ts';
import { parseReport } from './parseReport.ts';
import type { Scannable } from './Target.ts';

const report = parseReport(fixture('dockerfile'));
let path: string;
beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'ignore-'));
  const rules = ['DS-0001', 'AVD-DS-0002', '*', 'a', 'b', 'c'];
  const lines = rules.map((rule) => `# trivy:ignore:${rule}`);
  writeFileSync(join(path, 'Dockerfile'), `FROM debian\n${lines.join('\n')}\n`);
});
afterAll(() => rmSync(path, { recursive: true }));

it('comments that hide findings are told, with their lines', async () => {
  const [notice, ...more] = await findIgnoreComments({ kind: 'config', path }, report);
  expect(notice).toContain(
    '6 comments in the files can hide findings, and nobody answers for them: Dockerfile:2 (DS-0001), Dockerfile:3 (AVD-DS-0002), Dockerfile:4 (*)',
  );
  expect(notice).toContain(' and 1 more.');
  expect(more).toEqual([]);
});

it('a target that is one file', async () => {
  const target = { kind: 'config', path: join(path, 'Dockerfile') } as const;
  expect(await findIgnoreComments(target, report)).toHaveLength(1);
});

it.each<Scannable>([
  { kind: 'config', path: '/nowhere' },
  { kind: 'sbom', path: '/nowhere' },
  { kind: 'repository', at: 'https://r.example/x' },
])('%j: there are none', async (target) => {
  expect(await findIgnoreComments(target, report)).toEqual([]);
});
