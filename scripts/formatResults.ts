import { relative } from 'node:path';
import { type JestReport, secondTries } from './JestReport.ts';

export interface FullRun {
  readonly report: JestReport;
  readonly failed: number;
  readonly root: string;
  readonly date: string;
  readonly commit: string;
  readonly minutes: number;
  /** What tests said by `figure`. */
  readonly figures: readonly string[];
}

/** The text of test/RESULTS.md: what the last whole run gave, by room. */
export function formatResults({ report, failed, root, ...run }: FullRun): string {
  const rooms = new Map<string, { passed: number; failed: number; seconds: number }>();
  for (const { name, startTime, endTime, assertionResults } of report.testResults) {
    const room = relative(root, name).split('/').slice(0, -1).slice(0, 3).join('/');
    const sum = rooms.get(room) ?? { passed: 0, failed: 0, seconds: 0 };
    for (const { status } of assertionResults) {
      if (status === 'passed') sum.passed++;
      if (status === 'failed') sum.failed++;
    }
    sum.seconds += (endTime - startTime) / 1000;
    rooms.set(room, sum);
  }
  const again = secondTries(report);
  return [
    '# The last full run',
    '',
    'Written by `npm run test:full`: all sweeps whole, not as a sample.',
    '',
    '| Date | Commit | Passed | Failed | Skipped | At the second try | Minutes |',
    '|---|---|---|---|---|---|---|',
    `| ${run.date} | ${run.commit} | ${report.numPassedTests} | ${failed} | ${report.numPendingTests} | ${again.length} | ${run.minutes.toFixed(0)} |`,
    '',
    '## Figures',
    '',
    ...run.figures.map((line) => `- ${line}`),
    '',
    ...(again.length === 0
      ? []
      : ['## At the second try', '', ...again.map((name) => `- ${name}`), '']),
    '## By room',
    '',
    '| Room | Passed | Failed | Seconds |',
    '|---|---|---|---|',
    ...[...rooms]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([room, sum]) => `| ${room} | ${sum.passed} | ${sum.failed} | ${sum.seconds.toFixed(0)} |`,
      ),
    '',
  ].join('\n');
}
