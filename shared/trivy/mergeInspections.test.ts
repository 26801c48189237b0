import { expect, it } from '@jest/globals';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { mergeInspections } from './mergeInspections.ts';

function finding(name: string, architecture: string): Finding {
  const purl = `pkg:deb/debian/${name}@1?arch=${architecture}`;
  return {
    ...{ kind: 'vulnerability', id: 'CVE-1', severity: 'HIGH', title: undefined },
    ...{ subject: { name, version: '1', purl, path: undefined }, fix: '2', url: undefined },
  };
}

function inspection(architecture: string, more: Partial<Inspection> = {}): Inspection {
  return {
    subject: `r/web@${architecture}`,
    findings: [finding('tar', architecture)],
    gaps: [],
    notices: [],
    facts: [
      { name: 'Platform', value: `linux/${architecture}` },
      { name: 'Scanner', value: 'Trivy' },
    ],
    ...more,
  };
}

it('one platform is told as it is, by the name of the whole', () => {
  const seen = inspection('amd64');
  expect(mergeInspections('r/web', [{ platform: 'linux/amd64', inspection: seen }])).toEqual({
    ...seen,
    subject: 'r/web',
  });
});

it('what is the same on all is said once; what is not, with its platform', () => {
  const early = new Date('2026-11-01T00:00:00Z');
  const late = new Date('2026-11-02T00:00:00Z');
  const merged = mergeInspections('r/web', [
    { platform: 'linux/amd64', inspection: inspection('amd64', { scannedAt: late }) },
    {
      platform: 'linux/arm64',
      inspection: inspection('arm64', {
        findings: [finding('tar', 'arm64'), finding('perl', 'arm64')],
        gaps: [{ what: 'Not all was seen.', remedy: 'Look.' }],
        notices: ['It is old.'],
        facts: [...inspection('arm64').facts, { name: 'Language packages', value: 'none' }],
        scannedAt: early,
      }),
    },
  ]);
  expect(merged.findings.map(({ subject }) => subject.name)).toEqual(['tar', 'perl']);
  expect(merged.gaps).toEqual([{ what: 'linux/arm64: Not all was seen.', remedy: 'Look.' }]);
  expect(merged.notices).toEqual(['linux/arm64: It is old.']);
  expect(merged.facts).toEqual([
    { name: 'Platforms', value: 'linux/amd64, linux/arm64' },
    { name: 'Scanner', value: 'Trivy' },
    { name: 'Language packages (linux/arm64)', value: 'none' },
  ]);
  expect(merged.scannedAt).toEqual(early);
});

it('an end of life on one platform is one of the whole', () => {
  const system = { family: 'debian', name: '9', endOfLife: true };
  const merged = mergeInspections('r/web', [
    {
      platform: 'a',
      inspection: inspection('a', { system: { ...system, name: '12', endOfLife: false } }),
    },
    { platform: 'b', inspection: inspection('b', { system }) },
  ]);
  expect(merged.system).toEqual(system);
});
