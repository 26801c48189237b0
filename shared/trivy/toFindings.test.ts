import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../verdict/Finding.ts';
import { type FixtureName, fixture } from './fixtures/fixture.ts';
import { parseReport } from './parseReport.ts';
import { toFindings } from './toFindings.ts';

function findings(name: FixtureName, change = (text: string) => text): Finding[] {
  return toFindings(parseReport(change(fixture(name))));
}

describe('what Trivy objects to, in the terms of all scanners', () => {
  it.each<[FixtureName, Finding['kind'], string, object]>([
    [
      'layers',
      'vulnerability',
      'CVE-2021-44906',
      {
        severity: 'CRITICAL',
        score: 9.8,
        status: 'fixed',
        fix: '1.2.6, 0.2.4',
        publishedAt: new Date('2022-03-17T16:15:00Z'),
        subject: {
          name: 'minimist',
          version: '0.0.8',
          purl: 'pkg:npm/minimist@0.0.8',
          path: 'app/node_modules/minimist/package.json',
        },
        layer: expect.objectContaining({ createdBy: 'COPY app /app # buildkit' }),
      },
    ],
    [
      'layers',
      'vulnerability',
      'CVE-2023-31484',
      {
        fix: undefined,
        score: undefined,
        status: 'affected',
        layer: expect.objectContaining({ createdBy: 'ADD rootfs.tar / # buildkit' }),
      },
    ],
    [
      'folder',
      'vulnerability',
      'CVE-2021-44906',
      { subject: expect.objectContaining({ path: 'app/package-lock.json' }), layer: undefined },
    ],
    [
      'folder',
      'license',
      'GPL-3.0-only',
      {
        severity: 'HIGH',
        title: 'GPL-3.0-only (restricted)',
        subject: expect.objectContaining({ name: 'minimist', path: 'app/package-lock.json' }),
      },
    ],
    [
      'folder',
      'secret',
      'github-pat',
      {
        severity: 'CRITICAL',
        subject: expect.objectContaining({ path: 't.yaml' }),
        lines: { file: 't.yaml', start: 1, end: 1 },
      },
    ],
    [
      'dockerfile',
      'misconfiguration',
      'DS-0001',
      {
        severity: 'MEDIUM',
        title: "Specify a tag in the 'FROM' statement for image 'debian'",
        advice: "Add a tag to the image in the 'FROM' statement",
        lines: { file: 'Dockerfile', start: 1, end: 1 },
        fix: undefined,
      },
    ],
    ['dockerfile', 'misconfiguration', 'DS-0002', { lines: undefined }],
    ['sbom', 'vulnerability', 'CVE-2021-44906', { fix: '1.2.6, 0.2.4' }],
  ])('%s: %s %s', (name, kind, id, expected) => {
    const found = findings(name).find((each) => each.kind === kind && each.id === id);
    expect(found).toMatchObject(expected);
  });

  it('of every kind in one image, and of checks only those that failed', () => {
    const kinds = findings('imageOfAllKinds').map(({ kind }) => kind);
    expect(kinds).toEqual([
      ...['vulnerability', 'vulnerability', 'vulnerability'],
      ...['misconfiguration', 'misconfiguration', 'secret', 'secret', 'license', 'license'],
    ]);
    const passed = findings('dockerfile', (text) =>
      text.replaceAll('"Status": "FAIL"', '"Status": "PASS"'),
    );
    expect(passed).toEqual([]);
  });

  it('never with the text of a secret, nor with a history that may hold it', () => {
    const told = JSON.stringify(findings('imageOfAllKinds'));
    expect(told).not.toMatch(/\*\*\*|not-a-real-token|TOKEN/);
    expect(told).not.toContain('COPY app');
  });

  it.each([
    ['squashed', (text: string) => text.replace(/,\s*"empty_layer": true/, ''), undefined],
    ['whole', (text: string) => text, 'COPY app /app # buildkit'],
  ])('a history that is %s', (_, change, createdBy) => {
    const found = findings('layers', change).find(({ id }) => id === 'CVE-2021-44906');
    expect(found?.layer?.diffId).toMatch(/^sha256:/);
    expect(found?.layer?.createdBy).toBe(createdBy);
  });
});
