import { describe, expect, it } from '@jest/globals';
import type { ContainerImage } from '../../../../shared/kube/reports/readPod.ts';
import { exampleFinding } from '../../../../shared/verdict/fixtures.ts';
import type { Gap } from '../../../../shared/verdict/Inspection.ts';
import type { Outcome } from '../../../../shared/verdict/Verdict.ts';
import { componentsOf } from './Component.ts';
import { combine } from './combine.ts';
import { componentResults } from './componentResults.ts';
import { describeImages } from './describeImages.ts';
import {
  digestOf,
  exampleComponent,
  exampleContainer,
  exampleRunning,
  exampleScanned,
  now,
} from './fixtures.ts';
import { issueReport, issueTitle } from './issueReport.ts';
import { runningReport } from './runningReport.ts';

const clean = {};
const bad = { findings: [exampleFinding()] };
const gap = { what: 'The database did not come.', remedy: 'Try again.' };
const unseen = { gaps: [gap] };

describe('components', () => {
  const container = (
    change: Parameters<typeof exampleContainer>[0],
    letter: string | undefined,
  ): ContainerImage => ({
    container: exampleContainer(change),
    name: '',
    digest: letter === undefined ? undefined : digestOf(letter),
    reference: undefined,
    started: true,
  });
  const job = { namespace: 'apps', kind: 'CronJob', name: 'tidy' };

  it('are releases, and the workloads that belong to none', () => {
    const found = componentsOf([
      container({ release: 'web' }, 'a'),
      container({ release: 'web', name: 'cache' }, 'b'),
      container({ workload: job }, 'a'),
      container({ workload: job, name: 'init', release: '' }, undefined),
      container({ release: 'web', workload: { ...job, namespace: 'test' } }, 'a'),
    ]);
    expect(found.map(({ name, images, unknown }) => [name, images.size, unknown])).toEqual([
      ['apps/CronJob/tidy', 1, ['apps/CronJob/tidy (init)']],
      ['apps/web', 2, []],
      ['test/web', 1, []],
    ]);
  });
});

describe('the verdict on all that runs', () => {
  it.each<[string, object[], Gap[], Outcome, string]>([
    [
      'passes when each does',
      [clean, clean],
      [],
      'pass',
      'All 2 images that run in namespace apps',
    ],
    ['is a violation by one', [clean, bad], [], 'violation', '1 of 2 images in namespace apps'],
    [
      'is a violation although another was not seen',
      [unseen, bad],
      [],
      'violation',
      `Besides, not all was seen: acme.azurecr.io/web@${digestOf('a')}: The database`,
    ],
    [
      'is incomplete by one',
      [clean, unseen],
      [],
      'incomplete',
      `acme.azurecr.io/web@${digestOf('b')}: The database did not come.`,
    ],
    [
      'tells once what is missing for all',
      [unseen, unseen],
      [],
      'incomplete',
      '2 images: The database did not come. 2 of 2 images could not be judged.',
    ],
    ['is incomplete by the cluster', [clean], [gap], 'incomplete', 'The database did not come.'],
  ])('%s', (_, images, gaps, outcome, said) => {
    const scanned = images.map((seen, at) => exampleScanned('abc'[at] ?? 'd', seen));
    const { judgement } = combine(exampleRunning({ gaps }), scanned, now);
    expect([judgement.verdict.outcome, judgement.verdict.reason]).toEqual([
      outcome,
      expect.stringContaining(said),
    ]);
  });

  it('counts the findings of each image, at the workload that runs it', () => {
    const other = { workload: { namespace: 'apps', kind: 'CronJob', name: 'tidy' } };
    const scanned = [exampleScanned('a', bad), exampleScanned('b', bad, other)];
    const { judgement, counted, findings, totals } = combine(exampleRunning(), scanned, now);
    expect([counted.CRITICAL, findings?.CRITICAL, totals.counted]).toEqual([2, 2, 2]);
    expect(judgement.counted.map(({ subject }) => subject.path)).toEqual([
      'apps/CronJob/tidy/app/app/node_modules/minimist/package.json',
      'apps/Deployment/web/app/app/node_modules/minimist/package.json',
    ]);
  });
});

describe('what runs, told', () => {
  const scanned = [exampleScanned('a', bad), exampleScanned('b', unseen), exampleScanned('c')];
  const components = [
    exampleComponent({ name: 'apps/fine', images: new Set([digestOf('c')]) }),
    exampleComponent({ name: 'apps/web', images: new Set([digestOf('a'), digestOf('b')]) }),
    exampleComponent({ name: 'apps/new', images: new Set(), unknown: ['apps/Pod/new (app)'] }),
  ];
  const results = componentResults(components, scanned);
  const report = (bytes = 100_000) =>
    runningReport(combine(exampleRunning(), scanned, now), results, scanned, {
      ...{ title: 'Trivy gate', remarks: [], bytes },
    }).text;

  it('has a row for each image of a component, the worst first', () => {
    const rows = report()
      .split('\n')
      .filter((line) => line.startsWith('| <code>apps'))
      .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| /, '')));
    expect(rows.map(([component, , verdict, counts]) => [component, verdict, counts])).toEqual([
      ['<code>apps/web</code>', '❌ violation', '1 CRITICAL'],
      ['<code>apps/web</code>', '⚠️ incomplete', ''],
      ['<code>apps/new</code>', '⚠️ not seen', ''],
      ['<code>apps/fine</code>', '✅ pass', ''],
    ]);
    expect(report()).toContain('### ❌ <code>acme.azurecr.io/web');
    expect(report()).toContain('<code>CVE-2021-44906</code>');
    expect(report()).not.toContain('### ✅');
  });

  it.each([3000, 4000, 6000])('fits into %i bytes', (bytes) => {
    expect(Buffer.byteLength(report(bytes))).toBeLessThanOrEqual(bytes);
  });

  it('is one issue a component', () => {
    const web = results.find(({ component }) => component.name === 'apps/web');
    if (web === undefined) throw new Error('There is no such component.');
    expect(issueTitle(web)).toBe('apps/web runs with 1 CRITICAL');
    const { text } = issueReport(web, 'https://github.com/acme/web/actions/runs/1');
    expect(text).toContain('<a href="https');
    expect(text).toContain('CVE-2021-44906');
    expect(text).toContain('The database did not come.');
  });

  it('is JSON for a step that follows', () => {
    expect(JSON.parse(describeImages(scanned))[0]).toEqual({
      reference: `acme.azurecr.io/web@${digestOf('a')}`,
      components: ['apps/Deployment/web'],
      workloads: ['apps/Deployment/web'],
      verdict: 'violation',
      reason: expect.stringContaining('minimist 1.2.5'),
      findings: { CRITICAL: 1, HIGH: 0, MEDIUM: 0, LOW: 0, UNKNOWN: 0 },
    });
  });

  it('lets no text of others become structure', () => {
    const hostile = '</code>\n# <img src=x> @everyone |';
    const subject = { name: hostile, version: hostile, path: hostile };
    const all = [
      exampleScanned('a', {
        findings: [exampleFinding({ id: hostile, title: hostile, subject })],
        gaps: [{ what: hostile }],
      }),
    ];
    const found = componentResults([exampleComponent({ name: hostile, unknown: [hostile] })], all);
    const texts = [
      runningReport(combine(exampleRunning({ notices: [hostile] }), all, now), found, all, {
        ...{ title: 'Trivy gate', remarks: [], bytes: 100_000 },
      }).text,
      ...found.map((each) => issueReport(each, 'https://github.com/x').text),
    ];
    for (const text of texts) {
      expect(text).not.toMatch(/<img|@everyone|^# /m);
    }
  });
});
